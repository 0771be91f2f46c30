"""Opening what is on disk for the commands that read it."""

from difflib import get_close_matches
from functools import cache
from pathlib import Path

from sqlite_utils import Database

from audits.catalog import Catalog, load
from audits.model import Texts
from commands.errors import UserError
from commands.home import Home
from commands.wording import pick, say
from crawler.capture import Entity, Level
from results.countries import country_names
from results.database import open_database
from results.registry import get_entity
from results.registry_columns import fold, meanings


def open_home(path: Path) -> tuple[Home, Database]:
    """The home folder, made where it is not there yet, and its database."""
    home = Home(path)
    home.make()
    return home, open_database(home.database)


@cache
def rules() -> Catalog:
    """The rules of this program, read once."""
    return load()


def near(wanted: str, known: list[str], *, inside: bool = False) -> str:
    """A hint at what may have been meant, or "". `inside` is for the middle of a sentence."""
    found = get_close_matches(wanted, known, n=3, cutoff=0.6)
    return say("error.near_inside" if inside else "error.near", names=", ".join(found)) if found else ""


def country_code(asked: str) -> str:
    """A country's code as the registry writes it; any other two letters are a mistake."""
    code = asked.strip().upper()
    if code not in country_names():
        raise UserError("bad_country", country=asked)
    return code


def level_of(asked: str) -> Level:
    """A level of government from its name in any language that registries use."""
    level = meanings("levels").get(fold(asked))
    if level is None:
        raise UserError("bad_level", level=asked, known=", ".join(Level))
    return Level(level)


def country_name(code: str) -> str:
    """What people call a country, or its code where it is not one."""
    return pick(country_names().get(code, {})) or code


def reason_words(catalog: Catalog, code: str, kind: str = "text") -> str:
    """A reason code in words (`kind` text) or its remedy (`kind` remedy); the code itself where rules/reasons.toml lacks it."""
    entry = catalog.reasons.get(code, {})
    text: Texts = entry.get(kind) or (entry if kind == "text" else {})
    return pick(text) or (code if kind == "text" else "")


def demand_entity(db: Database, entity_id: str) -> Entity:
    """The body with this id, or one sentence that says what may have been meant."""
    entity = get_entity(db, entity_id)
    if entity is None:
        ids = [row["id"] for row in db.query("SELECT id FROM entities")]
        raise UserError("no_entity", id=entity_id, near=near(entity_id, ids))
    return entity
