"""`veedor rules candidates`: from captures judged to hosts that may be providers."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audits.catalog import load
from cli import app
from commands import wording
from commands.home import Home
from commands.making import audit_of
from commands.wording import Language
from results.database import open_database
from results.ingest import ingest_run
from results.rules import store_rules
from tests.audits.portal import SEEN, capture_of

RUN = "20260615T120000Z"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with one run of one portal, whose page links an unknown host to pay and another to verify documents."""
    catalog = load()
    links = (
        '<a href="https://caja.proveedor.invalid/x">Pague aquí</a> <a href="https://firma.otra.invalid/v">Verificar documento</a>'
    )
    capture = capture_of({"": f"<main><p>{links}</p></main>"})
    made = Home(tmp_path)
    made.make()
    folder = tmp_path / "runs" / RUN
    (folder / "audits").mkdir(parents=True)
    record = {
        "id": RUN,
        "started_at": SEEN.isoformat(),
        "selection": "villa",
        "entities": ["villa"],
        "rules_digest": catalog.digest,
        "versions": {},
        "settings": {},
        "fingerprint": "x",
    }
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    (folder / "audits" / "villa.json").write_text(audit_of(RUN, capture, catalog, "").model_dump_json(), encoding="utf-8")
    with open_database(made.database) as db:
        store_rules(db, catalog.criteria.values(), catalog.frameworks.values())
        ingest_run(db, folder)
    monkeypatch.setenv("VEEDOR_HOME", str(tmp_path))
    wording.speak(Language.EN)
    return tmp_path


def told(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["rules", "candidates", *arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_the_hosts_of_a_run_are_listed_by_kind_and_as_json(home: Path) -> None:
    found = json.loads(told("--json"))
    assert [(c["kind"], c["host"], c["portals"], c["words"]) for c in found] == [
        ("payment", "caja.proveedor.invalid", 1, "Pague aquí"),
        ("verification", "firma.otra.invalid", 1, "Verificar documento"),
    ]
    assert [c["host"] for c in json.loads(told("--json", "--kind", "payment", "--run", RUN))] == ["caja.proveedor.invalid"]
    assert "caja.proveedor.invalid" in told()
    assert "no unknown host" in told("--kind", "chat")


def test_a_kind_that_does_not_exist_is_refused_in_one_sentence(home: Path) -> None:
    result = CliRunner().invoke(app, ["rules", "candidates", "--kind", "paymint"])
    assert result.exit_code != 0
    assert "Traceback" not in result.output
