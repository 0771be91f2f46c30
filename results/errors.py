"""What this room cannot do, said in one sentence with the place and the remedy. The sentences stand in `messages.toml`."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar


@cache
def _messages() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(files("results").joinpath("messages.toml").read_text(encoding="utf-8"))


class ResultsError(Exception):
    """Something that a person can put right. `code` names the sentence, `values` fill its blanks."""

    kind: ClassVar[str]

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.code, self.values = code, values

    def say(self, language: str = "en") -> str:
        """The sentence in one of our languages."""
        return _messages()[self.kind][self.code][language].format(**self.values)

    def __str__(self) -> str:
        return self.say()


class RegistryError(ResultsError):
    """A registry file cannot be read: `values` hold file and, where they are known, line and column, both from 1."""

    kind = "registry"


class IngestError(ResultsError):
    """A run or an audit cannot be ingested."""

    kind = "ingest"


class DatabaseError(ResultsError):
    """The database cannot be opened."""

    kind = "database"
