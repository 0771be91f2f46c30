"""What goes wrong, told to a person: one sentence, an exit code, never a traceback for what the person can mend."""

import sqlite3
from typing import Any

from audits.catalog import RulesError
from commands import usage
from commands.display import notice
from commands.errors import NothingDoneError, UserError
from commands.wording import say, spoken
from crawler.archive import ArchiveError
from results.errors import ResultsError

MISTAKE, NOTHING, INTERRUPTED = 2, 1, 130


def exit_code_of(error: BaseException) -> int | None:
    """Tell the person what went wrong and give the exit code; None for what is not theirs to mend (a bug)."""
    if isinstance(error, KeyboardInterrupt):
        notice(say("audit.interrupted"))
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return NOTHING
    sentence = sentence_of(error)
    if sentence is None:
        return None
    notice(f"{say('error.label')}: {sentence}", "red")
    return NOTHING if isinstance(error, NothingDoneError) else MISTAKE


def tell_usage(error: Any) -> int:
    """Tell the person that the command line cannot be understood; the exit code."""
    if type(error).__name__ != "NoArgsIsHelpError":  # the parser has shown the help already
        notice(f"{say('error.label')}: {usage.sentence_of(error)}", "red")
    return MISTAKE


def sentence_of(error: BaseException) -> str | None:
    """The sentence of an error that one of our rooms, the system or the database raised; None for any other."""
    if isinstance(error, ResultsError):
        return error.say(spoken())
    if isinstance(error, ArchiveError):
        return say(f"archive.{error.trouble}", file=error.path)
    if isinstance(error, OSError):
        return say("error.system", what=error.filename or say("error.output"), why=error.strerror or error)
    if isinstance(error, sqlite3.Error):
        return say("error.database", why=error)
    return str(error) if isinstance(error, UserError | RulesError) else None
