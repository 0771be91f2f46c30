"""How things look in a terminal: tables that fit 100 columns, and JSON for programs."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from audits.model import Verdict
from commands.wording import say

WIDTH = 100

STYLES = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "red",
    Verdict.CANT_TELL: "yellow",
    Verdict.INAPPLICABLE: "dim",
    Verdict.UNTESTED: "magenta",
}


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    measured = Console(stderr=stderr, highlight=False)
    width = min(measured.width, WIDTH) if stream.isatty() else WIDTH
    return Console(stderr=stderr, highlight=False, width=width)


@cache
def console() -> Console:
    """Where answers go: standard output."""
    return _console(stderr=False)


@cache
def notices() -> Console:
    """Where progress and complaints go: standard error, so that answers can be piped."""
    return _console(stderr=True)


def show_json(value: Any) -> None:
    """One JSON document on standard output, not cut to any width."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def table(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str | Text]],
    right: Sequence[int] = (),
    widest: Mapping[int, int] | None = None,
) -> Table:
    """A plain table; `right` are the columns whose figures stand to the right, `widest` the most characters of a column.

    Text in cells is never read as markup.
    """
    made = Table(
        title=title or None,
        show_header=any(headings),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for number, heading in enumerate(headings):
        most = (widest or {}).get(number)
        made.add_column(heading, justify="right" if number in right else "left", overflow="fold", max_width=most)
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    return made


def plain(text: str, style: str = "") -> None:
    """One line (or more) of text as it is, no markup read in it."""
    console().print(Text(text, style=style))


def notice(text: str, style: str = "") -> None:
    """The same on standard error."""
    notices().print(Text(text, style=style), soft_wrap=True)


def verdict_text(verdict: Verdict) -> Text:
    """A verdict in words and colour."""
    return Text(say(f"verdict.{verdict}"), style=STYLES[verdict])


def percent(share: float | None) -> str:
    """0.4231 → "42.3 %", which no line break splits; what is not known is a dash."""
    return "–" if share is None else f"{100 * share:.1f}\N{NO-BREAK SPACE}%"
