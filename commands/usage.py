"""A command line that cannot be understood, told in the language of the person: one sentence, and where the help is."""

import re
from collections.abc import Sequence
from typing import Any

from commands.wording import say


def sentence_of(error: Any) -> str:
    """What is wrong with a command line, from the error that Typer's parser raised."""
    command = error.ctx.command_path if error.ctx else "veedor"
    return say("error.usage", sentence=_fault(error), command=command)


def _fault(error: Any) -> str:
    """The parser has a class for some mistakes; of others only its own words tell which they are."""
    kind, quoted = type(error).__name__, re.findall(r"'([^']+)'", error.message)
    if kind == "NoSuchOption":
        return say("error.no_such_option", name=error.option_name, near=_near(error.possibilities or ()))
    if kind == "MissingParameter":
        return say("error.missing", name=_name_of(error.param))
    if kind == "BadOptionUsage":
        return say("error.missing_value", name=error.option_name)
    if kind == "BadParameter":
        return say("error.bad_value", name=_name_of(error.param), why=error.message.rstrip("."))
    if quoted and error.ctx and hasattr(error.ctx.command, "commands"):
        return say("error.no_such_command", name=quoted[0], near=_near(quoted[1:]))
    return say("error.not_understood", why=error.message.rstrip("."))


def _name_of(parameter: Any) -> str:
    """What a person types: the long option, or the word that stands for an argument."""
    long = [name for name in parameter.opts if name.startswith("--")]
    return str(long[0] if long else parameter.metavar or parameter.name.upper())


def _near(names: Sequence[str]) -> str:
    return say("error.near_inside", names=", ".join(names)) if names else ""
