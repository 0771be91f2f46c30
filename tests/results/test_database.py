import multiprocessing
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from results.database import open_database
from results.errors import DatabaseError
from results.tables import described, meanings


def test_a_new_database_has_wal_and_foreign_keys_and_opening_it_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "veedor.db"
    first = open_database(path)
    assert first.journal_mode == "wal"
    assert first.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    with pytest.raises(sqlite3.IntegrityError):
        first.execute(
            "INSERT INTO portals (entity_id, position, url, host) VALUES ('nobody', 0, 'https://x.example', 'x.example')"
        )
    schema = first.schema
    first.close()
    again = open_database(path)
    assert again.schema == schema
    assert again.conn.total_changes == 0
    again.close()


def test_every_table_view_and_column_is_described_and_nothing_else_is(empty: Database) -> None:
    tables = {name for name in empty.table_names() if not name.startswith("_")}
    assert set(described()) == tables | set(empty.view_names())
    for name in tables:
        assert set(meanings(name)) == {column.name for column in empty.table(name).columns}, name
    for name in empty.view_names():
        assert {column.name for column in empty.view(name).columns} <= set(meanings(name)), name
    assert all(text.strip() for name in described() for text in meanings(name).values())


def test_every_foreign_key_leads_to_a_table_and_all_data_obey_them(filled: Database) -> None:
    assert filled.execute("PRAGMA foreign_key_check").fetchall() == []
    assert {key.other_table for name in filled.table_names() for key in filled.table(name).foreign_keys} <= set(
        filled.table_names()
    )


def test_a_database_of_a_newer_program_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "veedor.db"
    with open_database(path) as db:
        db["_sqlite_migrations"].insert({"migration_set": "veedor", "name": "of_the_future", "applied_at": "2099-01-01"})
    with pytest.raises(DatabaseError, match=r"newer veedor.*of_the_future.*update the program") as caught:
        open_database(path)
    assert all(caught.value.say(language).startswith(str(path)) for language in ("es", "pt", "en"))


@pytest.mark.parametrize("content", [b"this is no database, only words" * 40, b"SQLite format 3\0broken"])
def test_a_file_that_is_no_database_is_refused_in_one_sentence_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "veedor.db"
    path.write_bytes(content)
    with pytest.raises(DatabaseError, match="cannot be opened as a database"):
        open_database(path)
    assert path.read_bytes() == content


def test_a_folder_that_does_not_exist_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="unable to open"):
        open_database(tmp_path / "nowhere" / "veedor.db")


def _open(path: str) -> int:
    with open_database(path) as db:
        return len(db.table_names())


def test_several_programs_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        counts = pool.map(_open, [str(tmp_path / "veedor.db")] * 3)
    assert len(set(counts)) == 1


def test_the_metadata_for_datasette_are_those_that_the_data_give() -> None:
    made = subprocess.run([sys.executable, "-m", "results.tables"], capture_output=True, text=True, check=True).stdout
    assert Path("results/datasette.json").read_text(encoding="utf-8") == made, (
        "run: python -m results.tables > results/datasette.json"
    )
