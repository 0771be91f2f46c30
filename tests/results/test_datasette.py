import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from results.database import open_database
from results.ingest import ingest_audit, record_run
from results.rules import store_rules
from results.scores import score_run
from tests.results.small_country import AUDITS, CRITERIA, FRAMEWORK, START

METADATA = Path("results/datasette.json")
QUERIES = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["veedor"]["queries"]


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("datasette") / "veedor.db"
    with open_database(path) as db:
        store_rules(db, CRITERIA, [FRAMEWORK])
        record_run(db, "r1", started_at=START)
        for one in AUDITS:
            ingest_audit(db, one)
        score_run(db, "r1", [FRAMEWORK], CRITERIA)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "datasette", str(path), "--metadata", str(METADATA), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for(base)
        yield base
    finally:
        server.terminate()
        server.wait(10)


def wait_for(base: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(base, timeout=5).close()
            return
        except urllib.error.URLError:
            time.sleep(0.2)
    raise AssertionError("Datasette did not start")


def ask(base: str, path: str, **args: str) -> Any:
    with urllib.request.urlopen(f"{base}/veedor/{path}.json?{urllib.parse.urlencode(args)}", timeout=20) as answer:
        return json.load(answer)


def test_facets_lead_an_unprepared_reader_to_who_publishes_minutes_and_with_which_proof(window: str) -> None:
    start = ask(window, "latest_findings", _shape="objects", _size="1")
    facets = start["facet_results"]
    assert set(facets) == {"country", "level", "criterion", "aspect", "verdict"}
    minutes = next(one for one in facets["criterion"]["results"] if one["value"] == "decision_minutes")
    chosen = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(minutes["toggle_url"]).query))
    narrowed = ask(
        window, "latest_findings", **{**chosen, "_size": "max", "level": "local", "aspect": "published", "verdict": "passed"}
    )
    found = [(row["entity"], row["proof_url"], row["proof_quote"]) for row in narrowed["rows"]]
    assert found == [("Municipalidad de Aldea", "https://www.a.gob.example/actas", "decision_minutes of published")]


def test_the_same_question_stands_ready_in_three_languages(window: str) -> None:
    expected = ("Municipalidad de Aldea", "https://www.a.gob.example/actas", "decision_minutes of published")
    for name, (entity, proof, quote) in {
        "actas_con_prueba": ("entidad", "prueba", "cita"),
        "atas_com_prova": ("entidade", "prova", "citacao"),
        "minutes_with_proof": ("entity", "proof", "quote"),
    }.items():
        rows = ask(window, name, _shape="objects")["rows"]
        assert [(row[entity], row[proof], row[quote]) for row in rows] == [expected]


@pytest.mark.parametrize("name", QUERIES)
def test_every_ready_question_can_be_asked(window: str, name: str) -> None:
    answer = ask(window, name, _shape="objects", criterion="approved_budget", level="local", entity="Aldea")
    assert answer["ok"]
    assert answer["rows"] or "registr" in name


def test_a_finding_shows_the_name_of_its_entity_and_criterion_not_only_ids(window: str) -> None:
    row = ask(window, "findings", _shape="objects", _labels="on", _size="1")["rows"][0]
    assert row["entity_id"]["label"] == "Municipalidad de Aldea"
    assert row["criterion_id"]["label"] == "It publishes decision_minutes (es)"


def test_pages_explain_their_columns(window: str) -> None:
    with urllib.request.urlopen(f"{window}/veedor/latest_findings", timeout=20) as answer:
        page = answer.read().decode()
    assert "words that stand there" in page
    assert "Start here" in page
