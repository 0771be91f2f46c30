"""The database, explained from data: `docs/tables.md` and `results/datasette.json`.

`python -m results.tables` writes the metadata for Datasette to the standard output.
"""

import json
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from sqlite_utils import Database

from audits.model import LANGUAGES

TYPES = {"TEXT": "text", "INTEGER": "whole number", "REAL": "number"}
NOT_COLUMNS = ("about", "label", "view", "like")
"""Keys of a table in `tables.toml` that do not name a column."""

FACETS = ["country", "level", "criterion", "aspect", "verdict"]


@cache
def described() -> dict[str, dict[str, Any]]:
    """What each table and view is, from `results/tables.toml`."""
    return tomllib.loads(files("results").joinpath("tables.toml").read_text(encoding="utf-8"))


def meanings(name: str) -> dict[str, str]:
    """What each column of a table or view means; a view may take words over from the tables that it is `like`."""
    about = described()[name]
    found: dict[str, str] = {}
    for other in reversed(about.get("like", ())):
        found |= meanings(other)
    return found | {column: text for column, text in about.items() if column not in NOT_COLUMNS}


def tables_as_markdown(database: Database) -> str:
    """The reference of all tables and views, for `docs/tables.md`."""
    parts = []
    for name, about in described().items():
        lines = _view_lines(database, name) if about.get("view") else _table_lines(database, name)
        parts.append("\n".join([f"## {name}", "", about["about"], "", *lines, ""]))
    return "\n".join(parts)


def _table_lines(database: Database, table: str) -> Iterator[str]:
    others = {key.column: f" → [{key.other_table}](#{key.other_table})" for key in database.table(table).foreign_keys}
    yield from ("| column | type | meaning |", "| --- | --- | --- |")
    for column in database.table(table).columns:
        kind = TYPES[column.type] + ("" if column.notnull or column.is_pk else ", or empty")
        yield f"| {column.name} | {kind} | {meanings(table)[column.name]}{others.get(column.name, '')} |"


def _view_lines(database: Database, view: str) -> Iterator[str]:
    yield from ("| column | meaning |", "| --- | --- |")
    for column in database.view(view).columns:
        yield f"| {column.name} | {meanings(view)[column.name]} |"


def datasette_metadata(database: Database) -> dict[str, Any]:
    """Titles, descriptions, labels, facets and ready questions for Datasette, for a database file named `veedor.db`."""
    questions = tomllib.loads(files("results").joinpath("questions.toml").read_text(encoding="utf-8"))
    about = {name: " · ".join(questions["about"][name][language] for language in LANGUAGES) for name in ("title", "description")}
    return {
        **about,
        "databases": {
            "veedor": {
                "tables": {name: _metadata(database, name) for name in described()} | {"_sqlite_migrations": {"hidden": True}},
                "queries": {
                    asked["name"][language]: _question(asked, language, questions["titles"])
                    for asked in questions["questions"].values()
                    for language in LANGUAGES
                },
            }
        },
    }


def _metadata(database: Database, name: str) -> dict[str, Any]:
    about = described()[name]
    columns = database.view(name).columns if about.get("view") else database.table(name).columns
    known = meanings(name)
    metadata: dict[str, Any] = {
        "description": about["about"],
        "columns": {column.name: known[column.name] for column in columns},
    }
    if "label" in about:
        metadata["label_column"] = about["label"]
    if name == "latest_findings":
        metadata["facets"] = FACETS
    return metadata


def _question(asked: dict[str, Any], language: str, titles: dict[str, dict[str, str]]) -> dict[str, str]:
    blanks = {name: title[language] for name, title in titles.items()}
    return {"title": asked["title"][language], "sql": asked["sql"].strip().format(lang=language, **blanks)}


if __name__ == "__main__":
    from results.database import open_database

    print(json.dumps(datasette_metadata(open_database(":memory:")), ensure_ascii=False, indent=1))
