"""How things look in a terminal: tables that fit 100 columns, and JSON for programs."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from babel.numbers import format_decimal, format_percent
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from commands.wording import spoken

WIDTH = 100

CONTROLS = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160)) if chr(code) != "\n"} | {9: " "}
"""What stands in for characters that could steer a terminal: names, quotes and addresses are other people's words."""


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
    readable = sys.stdout.encoding.lower().startswith("utf")
    sys.stdout.write(json.dumps(value, ensure_ascii=not readable, indent=1, default=str) + "\n")


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
        made.add_row(*(cell if isinstance(cell, Text) else Text(harmless(cell)) for cell in row))
    return made


def plain(text: str, style: str = "") -> None:
    """One line (or more) of text as it is, no markup read in it."""
    console().print(Text(harmless(text), style=style))


def notice(text: str, style: str = "") -> None:
    """The same on standard error."""
    notices().print(Text(harmless(text), style=style), soft_wrap=True)


def harmless(text: str) -> str:
    """The text without characters that could steer a terminal."""
    return text.translate(CONTROLS)


def address(url: str, indent: int = 0) -> None:
    """An address on a line of its own, never cut into pieces that nobody can click."""
    console().print(Text(" " * indent + harmless(url), style="cyan"), soft_wrap=True)


def indented(text: Text, indent: int) -> None:
    """Text wrapped within the width, every line of it moved to the right."""
    console().print(Padding(text, (0, 0, 0, indent)))


def percent(share: float | None) -> str:
    """0.4231 → "42.3 %" as the language writes it; what is not known is a dash."""
    return "–" if share is None else format_percent(share, "0.0\N{NO-BREAK SPACE}%", locale=spoken())


def number(value: int) -> str:
    """A count as the language writes it."""
    return format_decimal(value, locale=spoken())
