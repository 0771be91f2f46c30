"""`--settings FILE.toml`: any setting of a crawl from a file, checked as it stands there."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from commands import store
from commands.errors import UserError
from crawler.settings import CrawlSettings

ELSEWHERE = {"archives": "--from"}
"""Settings that a file cannot hold, because they also say whom to audit, and the option that does."""

DESCRIBED = re.compile(r"^    (\w+): ", re.MULTILINE)


class FileSettings(NamedTuple):
    """What a settings file says, and where each setting stands in it."""

    path: Path
    said: dict[str, Any]
    lines: dict[str, int]


def read_settings(path: Path) -> FileSettings:
    """Read a settings file. Raises UserError with file, line and remedy for what is no TOML and for names that are no setting."""
    if not path.is_file():
        raise UserError("no_such_file", file=path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError("settings_not_text", file=path) from error
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = found.group(1) if found else len(text.splitlines())
        raise UserError("bad_toml", file=path, line=line, why=str(error).partition(" (at ")[0]) from error
    lines = {name: _line_of(name, text) for name in said}
    for name in said:
        if name in ELSEWHERE:
            raise UserError("setting_elsewhere", file=path, line=lines[name], name=name, option=ELSEWHERE[name])
        if name not in CrawlSettings.model_fields:
            near = store.near(name, list(CrawlSettings.model_fields), inside=True)
            raise UserError("unknown_setting", file=path, line=lines[name], name=name, near=near)
    return FileSettings(path, said, lines)


def _line_of(name: str, text: str) -> int:
    """The line on which a key is set; tables count too, the first line where it cannot be found."""
    key = re.compile(rf"""^\s*\[?\s*["']?{re.escape(name)}["']?\s*[\]=.]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if key.match(line)), 1)


def checked(typed: Mapping[str, Any], file: FileSettings | None = None) -> CrawlSettings:
    """The settings: what was typed comes before what the file says. Raises UserError that names the fault and where it stands."""
    said = {**(file.said if file else {}), **typed}
    try:
        return CrawlSettings.model_validate(said)
    except ValidationError as error:
        fault = error.errors()[0]
        name, why = str(fault["loc"][0]), fault["msg"].removeprefix("Value error, ")
        if file and name not in typed:
            raise UserError("bad_setting_in_file", file=file.path, line=file.lines[name], name=name, why=why) from error
        raise UserError("bad_setting", name=name, why=why) from error


def described() -> dict[str, str]:
    """What each setting means, from the docstring of CrawlSettings."""
    text = CrawlSettings.__doc__ or ""
    _, *parts = DESCRIBED.split(text)
    return {name: " ".join(meaning.split()) for name, meaning in zip(parts[::2], parts[1::2], strict=True)}


def settings_as_markdown() -> str:
    """The reference of all settings that a file may hold, for `docs/settings.md`."""
    defaults = {name: _toml(field.default) for name, field in CrawlSettings.model_fields.items() if name not in ELSEWHERE}
    rows = [f"| `{name}` | `{default}` | {described()[name]} |" for name, default in defaults.items()]
    return "\n".join(["| setting | unless you say otherwise | meaning |", "| --- | --- | --- |", *rows])


def _toml(value: Any) -> str:
    """A default as it would stand in the file; a dash for one that is worked out."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if value is None:
        return "–"
    return f'"{value}"' if isinstance(value, str) else str(value)
