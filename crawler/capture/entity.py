"""Whom we visit."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """A value that is written to disk: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Level(StrEnum):
    """Level of government of an entity."""

    NATIONAL = "national"
    REGIONAL = "regional"
    LOCAL = "local"


class Branch(StrEnum):
    """Branch of government of an entity."""

    EXECUTIVE = "executive"
    LEGISLATIVE = "legislative"
    JUDICIARY = "judiciary"
    AUTONOMOUS = "autonomous"
    UNKNOWN = "unknown"


class Entity(Record):
    """A public body of the registry.

    `country` is ISO 3166-1 alpha-2; `portals` are absolute http(s) URLs, home first; `languages` are BCP 47 primary tags;
    `population` is in persons; `details` keeps the columns of the source that we do not use.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")
    name: str = Field(min_length=1)
    country: str = Field(pattern=r"^[A-Z]{2}$")
    level: Level
    branch: Branch = Branch.UNKNOWN
    admin_code: str = ""
    population: Annotated[int, Field(ge=0)] | None = None
    portals: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    cadence: str = "monthly"
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    succeeded_by: str = ""
    details: dict[str, str] = Field(default_factory=dict)
