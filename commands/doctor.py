"""`veedor doctor`: what is installed, what is missing, and how to get it."""

import os
import platform
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rich.text import Text

from audits.catalog import RulesError, load
from commands.browser import find
from commands.display import console, plain, show_json, table
from commands.errors import NothingDoneError, UserError
from commands.failures import sentence_of
from commands.home import Home
from commands.wording import say
from results.database import open_database
from results.errors import ResultsError


class Check(NamedTuple):
    """One thing that is needed: whether it is fine, what was found, and what to do where it is not."""

    name: str
    fine: bool
    found: str
    remedy: str = ""


def examine(home_dir: Path, *, as_json: bool) -> None:
    """Print every check; raises NothingDoneError when something is missing."""
    checks = list(all_checks(home_dir))
    if as_json:
        show_json([check._asdict() for check in checks])
    else:
        rows: list[list[str | Text]] = [
            [say(f"doctor.{check.name}"), mark(check), f"{check.found}\n{check.remedy}".strip()] for check in checks
        ]
        console().print(table(say("doctor.title"), ["", "", ""], rows))
        if all(check.fine for check in checks):
            plain(say("doctor.ready"), "green")
    if not all(check.fine for check in checks):
        raise NothingDoneError("not_ready")


def mark(check: Check) -> Text:
    """Whether it is fine, in a word and a colour."""
    return Text(say("doctor.fine"), style="green") if check.fine else Text(say("doctor.missing"), style="red")


def all_checks(home_dir: Path) -> Iterator[Check]:
    """Each check in the order in which a person should mend things."""
    yield _check("python", sys.version_info >= (3, 11), platform.python_version(), "python_old")
    yield _rules()
    yield _database(home_dir)
    chromium = find()
    yield _check(
        "chromium", chromium is not None, f"{chromium.version} · {chromium.path}" if chromium else "", "chromium_missing"
    )
    yield _axe()
    yield _suffixes()


def _check(name: str, fine: bool, found: str, remedy: str) -> Check:
    return Check(name, fine, found, "" if fine else say(f"doctor.{remedy}"))


def _rules() -> Check:
    try:
        catalog = load()
    except RulesError as error:
        return _check("rules", False, str(error), "rules_bad")
    return _check("rules", True, f"{len(catalog.criteria)} · {catalog.digest[:12]}", "rules_bad")


def _database(home_dir: Path) -> Check:
    """Opens the database where there is one; a folder that does not exist yet is only looked at, not made."""
    home = Home(home_dir)
    try:
        if home.database.exists():
            version = open_database(home.database).execute("SELECT sqlite_version()").fetchone()[0]
        else:
            writable(home_dir)
            version = sqlite3.sqlite_version
    except (UserError, ResultsError) as error:
        return _check("database", False, sentence_of(error) or "", "database_bad")
    return _check("database", True, f"SQLite {version} · {home.database}", "database_bad")


def writable(folder: Path) -> None:
    """Raise UserError where this folder could not be made or written to."""
    nearest = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise UserError("home_not_writable", path=folder, why=nearest)


def _axe() -> Check:
    from crawler.browser import Browser

    return _check("axe", bool(Browser.axe_version), Browser.axe_version, "axe_missing")


def _suffixes() -> Check:
    import tldextract

    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    suffix = extract("www.muni.gob.pe").suffix
    return _check("suffixes", suffix == "gob.pe", f"tldextract {tldextract.__version__}", "suffixes_bad")
