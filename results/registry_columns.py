"""What registries call their columns and values, read from `rules/registry_columns.toml`."""

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any


class Unusable(Exception):  # noqa: N818
    """A row, or an address, of which nothing can be made: a code of `[reasons]` and the word that was at fault."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


@cache
def registry_columns() -> dict[str, Any]:
    """The whole of `rules/registry_columns.toml`."""
    return tomllib.loads(files("rules").joinpath("registry_columns.toml").read_text(encoding="utf-8"))


def fold(text: str) -> str:
    """Without case, accents and punctuation: "Página Web" → "pagina_web"."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


@cache
def meanings(table: str) -> dict[str, str]:
    return {fold(word): meaning for meaning, words in registry_columns()[table].items() for word in words}


def field_of(header: str) -> str:
    """The field that a column's header means, "" for one that we do not use."""
    return meanings("columns").get(fold(header), "")


def is_essential(header: str) -> bool:
    """Whether a column can tell rows apart at all: a name or an address."""
    return field_of(header) in ("name", "portals")
