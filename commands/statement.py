"""The draft of a portal's accessibility statement, by the model of Implementing Decision (EU) 2018/1523.

It says no more than automatic tests can: that a portal is partially compliant at most, or that it was not assessed in full. What
only the body knows stays a blank in brackets.
"""

import re
from datetime import date
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from audits.model import Verdict
from audits.packs import SuccessCriterion
from commands.accessibility import pages_of
from commands.display import notice
from commands.errors import UserError
from commands.examined import Examined
from commands.home import write_whole
from commands.making import program_version
from commands.wording import pick, say, spoken

TEMPLATES = Path(__file__).parent / "skeletons"
KINDS = (".html", ".md")
BLANK = re.compile(r"\[[^\]]*\]")
MARKDOWN = re.compile(r"([\\`*_{}<>#|])")


def write_statement(found: Examined, path: Path) -> None:
    """Write the draft in the language spoken, HTML or Markdown as the file's name says. Raises UserError for any other name."""
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise UserError("statement_kind", file=path)
    write_whole(path, statement(found, kind))
    notice(say("accessibility.statement_written", file=path))


def statement(found: Examined, kind: str) -> str:
    """The text of the draft; `kind` is ".html" or ".md"."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=kind == ".html",
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {"blanks": blanks, "safe_md": safe_markdown}
    return templates.get_template(f"statement{kind}").render(t=_say, lang=spoken(), **contents(found))


def contents(found: Examined) -> dict[str, Any]:
    """What the templates tell: the body, its state, the barriers by success criterion, when and how it was looked at."""
    capture, failed = found.capture, found.with_verdict(Verdict.FAILED)
    pages = len(found.said.sample)
    state = "status_unseen" if not pages else "status_partial" if failed else "status_open"
    return {
        "name": capture.entity.name,
        "portals": ", ".join(capture.entity.portals),
        "status": say(f"statement.{state}", failed=len(failed), pages=pages),
        "barriers": [barriers_of(criterion, found) for criterion in failed],
        "prepared": say("statement.prepared", date=_day(capture.visit.as_of.date())),
        "method": say(
            "statement.method",
            version=program_version(),
            pages=pages,
            seen=_day(capture.visit.as_of.date()),
            engines=found.engines,
        ),
    }


def barriers_of(criterion: SuccessCriterion, found: Examined) -> dict[str, str]:
    """What is known to fail a success criterion, in plain words with its spread."""
    barriers = found.said.barriers_of(criterion.id)
    spread = say("statement.spread", count=len(barriers), on=len(pages_of(barriers)), pages=len(found.said.sample))
    return {
        "criterion": f"{criterion.id} {pick(criterion.title)} ({criterion.level})",
        "barrier": pick(criterion.barrier),
        "spread": spread,
        "help": criterion.understanding,
    }


def blanks(text: str) -> Markup:
    """Text for HTML in which each blank is marked."""
    return Markup(BLANK.sub(lambda blank: f"<mark>{blank.group()}</mark>", str(escape(text))))


def safe_markdown(text: str) -> str:
    """Text that Markdown shows as it is; names are other people's words."""
    return MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _say(key: str, **values: str) -> str:
    return say(f"statement.{key}", **values)


def _day(day: date) -> str:
    return format_date(day, "long", locale=spoken())
