from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from results.database import open_database
from results.ingest import ingest_audit, record_run
from results.rules import store_rules
from results.scores import score_run
from tests.results.small_country import AUDITS, CRITERIA, END, FRAMEWORK, START


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path / "veedor.db")
    yield database
    database.close()


@pytest.fixture
def filled(empty: Database) -> Database:
    store_rules(empty, CRITERIA, [FRAMEWORK])
    record_run(
        empty, "r1", started_at=START, finished_at=END, settings={"page_budget": 60}, selection="PE", rules_digest="sha256:aa"
    )
    for one in AUDITS:
        ingest_audit(empty, one)
    score_run(empty, "r1", [FRAMEWORK], CRITERIA)
    return empty
