"""The database: one SQLite file, opened here and nowhere else."""

import sqlite3
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from results.countries import country_names
from results.errors import DatabaseError
from results.rows import insert
from results.schema import ACCESSIBILITY, CATALOGUE, FIRST
from results.views import VIEWS

BUSY_SECONDS = 30
"""How long to wait for another program that is writing."""

migrations = Migrations("veedor")

MANNERS = {
    "runs": ("rejudged_from TEXT NOT NULL DEFAULT ''",),
    "visits": ("bad_links INTEGER NOT NULL DEFAULT 0", "held INTEGER NOT NULL DEFAULT 0"),
    "visit_hosts": (
        "address TEXT NOT NULL DEFAULT ''",
        "browser_requests INTEGER NOT NULL DEFAULT 0",
        "shortest_gap REAL",
        "failures INTEGER NOT NULL DEFAULT 0",
        "broken INTEGER NOT NULL DEFAULT 0",
        "certificate TEXT NOT NULL DEFAULT ''",
    ),
}
"""Columns that `proof_of_politeness` adds."""

WHOLE_CATALOGUE = {
    "frameworks": (
        "kind TEXT NOT NULL DEFAULT 'goals'",
        "language TEXT NOT NULL DEFAULT ''",
        "countries TEXT NOT NULL DEFAULT '[]'",
        "groups TEXT NOT NULL DEFAULT '{}'",
        "bands TEXT NOT NULL DEFAULT '[]'",
    ),
    "items": (
        "group_name TEXT NOT NULL DEFAULT ''",
        "weight REAL NOT NULL DEFAULT 1",
        "must INTEGER NOT NULL DEFAULT 0",
        "evidence TEXT NOT NULL DEFAULT ''",
    ),
    "scores": ("provisional INTEGER NOT NULL DEFAULT 0",),
    "visits": ("lists TEXT NOT NULL DEFAULT '[]'",),
}
"""Columns that `whole_catalogue` adds."""


def open_database(path: Path | str) -> Database:
    """Open the database at `path` (":memory:" for one that nobody keeps), made and brought up to date as needed.

    Raises DatabaseError where the file is not a database of ours, is locked, or was written by a newer program.
    """
    connection = None
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
        database = Database(connection)
        _refuse_the_future(database, path)
        database.enable_wal()
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("PRAGMA synchronous = NORMAL")
        _bring_up_to_date(database)
    except sqlite3.Error as error:
        if connection:
            connection.close()
        raise DatabaseError("unusable", file=path, why=error) from error
    return database


def _refuse_the_future(database: Database, path: Path | str) -> None:
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    unknown = [applied.name for applied in migrations.applied(database) if applied.name not in known]
    if unknown:
        database.close()
        raise DatabaseError("from_the_future", file=path, migration=unknown[-1])


def _bring_up_to_date(database: Database) -> None:
    """Migrations and views, in one transaction that takes the write lock first: two programs may open a new file at once."""
    if not migrations.pending(database) and _views_are_current(database):
        return
    database.execute("BEGIN IMMEDIATE")
    with database.conn:
        migrations.apply(database)
        for name in reversed(VIEWS):
            database.execute(f"DROP VIEW IF EXISTS {name}")
        for name, query in VIEWS.items():
            database.create_view(name, query.strip())


def _views_are_current(database: Database) -> bool:
    return {view.name: view.schema.partition(" AS ")[2] for view in database.views} == {
        name: query.strip() for name, query in VIEWS.items()
    }


@migrations()
def first_tables(database: Database) -> None:
    """Registry, rules, audits and scores."""
    for statement in FIRST:
        database.execute(statement)


@migrations()
def names_of_countries(database: Database) -> None:
    """ISO 3166 codes and their names, as Unicode CLDR gives them in our languages."""
    rows = [
        {"code": code, **{f"name_{language}": names[language] for language in names}} for code, names in country_names().items()
    ]
    insert(database, "countries", rows)


@migrations()
def proof_of_politeness(database: Database) -> None:
    """What a visit says of its manners and of its memory, and the run whose captures a run judged anew."""
    for table, columns in MANNERS.items():
        for column in columns:
            database.execute(f"ALTER TABLE {table} ADD COLUMN {column}")


@migrations()
def whole_catalogue(database: Database) -> None:
    """Indexes and ladders beside goals, what rests on provisional criteria, and hosts that may be providers."""
    for table, columns in WHOLE_CATALOGUE.items():
        for column in columns:
            database.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for statement in CATALOGUE:
        database.execute(statement)


@migrations()
def accessibility(database: Database) -> None:
    """What keeps people out of the pages of a sample, each thing once with its spread."""
    for statement in ACCESSIBILITY:
        database.execute(statement)
