"""What the program says to people, in their language. The words themselves stand in `commands/texts/<lang>.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from results.languages import wording_of

TEXTS = Path(__file__).parent / "texts"


class Language(StrEnum):
    """Languages in which the program speaks."""

    ES = "es"
    PT = "pt"
    EN = "en"


_spoken = Language.EN


def choose(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language to speak: `--lang` among the arguments, else VEEDOR_LANG, else the locale, else English.

    The arguments are looked at before they are parsed, because the help itself is written in that language.
    """
    asked = [after for before, after in pairwise(arguments) if before == "--lang"]
    asked += [argument.removeprefix("--lang=") for argument in arguments if argument.startswith("--lang=")]
    asked += [environment.get(name, "") for name in ("VEEDOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG")]
    known = [tag[:2].lower() for tag in asked if tag[:2].lower() in set(Language)]
    return Language(known[0]) if known else Language.EN


def speak(language: Language) -> None:
    """From now on `say` speaks this language."""
    global _spoken
    _spoken = language


def spoken() -> Language:
    """The language that `say` speaks now."""
    return _spoken


@cache
def texts(language: Language) -> dict[str, str]:
    """All texts of a language by dotted key ("audit.summary")."""
    return dict(_flat(tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))))


def _flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in table.items():
        pairs += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, value)]
    return pairs


def say(key: str, **values: object) -> str:
    """The text of this key in the language spoken, its blanks filled. A missing key is an error of ours: KeyError."""
    return texts(_spoken)[key].format_map({name: str(value) for name, value in values.items()})


def pick(text: Mapping[str, str], source: str = "") -> str:
    """The wording of one text that comes in several languages; that of its source, then any, where ours lacks."""
    return wording_of(text, _spoken, source)
