"""`veedor rejudge`: the same captures under other rules, and newer captures under the same ones, each told by its cause."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.portals.behaviours import answer

from .archives import pages_of, write_archive, write_table
from .conftest import HOME_PAGE, QUICK, Veedor

BODIES = {"pe-norte": "pampa-del-sauce", "pe-sur": "quebrada-alta", "pe-oeste": "junta-cerro-pintado"}
MOVED = "pe-sur"
"""The portal whose page about itself is gone at the second visit."""
BENT = ("pe-oeste", "contact_details")
"""The finding on which the rules of the first run had another opinion."""


def audit(veedor: Veedor, folder: Path, *without: str) -> str:
    """Audit the three portals from archives made in `folder`; pages that end in one of `without` are missing. The run's id."""
    folder.mkdir()
    rows = []
    for name, body in BODIES.items():
        home = f"http://www.{name}.gob.pe/"
        pages = pages_of(body, home)
        gone = {url for url in pages if name == MOVED and url.endswith(without)} if without else set()
        rows.append(
            (name, home, write_archive(folder / f"{name}.warc.gz", {url: pages[url] for url in pages if url not in gone}))
        )
    return veedor.json("audit", "--no-browser", "--portals", write_table(folder, rows))["run"]


def bend(home: Path, run: str) -> None:
    """Make a run one that was judged by other rules: another digest, and another verdict on one criterion."""
    record = home / "runs" / run / "run.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"rules_digest": "sha256:of another day"}))
    file = home / "runs" / run / "audits" / f"{BENT[0]}.json"
    told = json.loads(file.read_text())
    (finding,) = [finding for finding in told["findings"] if finding["criterion"] == BENT[1]]
    assert finding["verdict"] == "passed"
    finding |= {"verdict": "failed", "reason": "not_found", "evidence": []}
    file.write_text(json.dumps(told))


@pytest.fixture(scope="module")
def judged_anew(tmp_path_factory):
    """A home with an old run (of other rules), a newer one, and what rejudging the old one said to programs."""
    folder = tmp_path_factory.mktemp("rejudged")
    veedor = Veedor(folder / "home")
    old = audit(veedor, folder / "old")
    newer = audit(veedor, folder / "newer", "nosotros.html")
    bend(veedor.home, old)
    return veedor, old, newer, veedor.json("rejudge", old)


def changes(told: dict, cause: str) -> list[tuple]:
    return [
        (one["entity"], one["criterion"], one["before"]["verdict"], one["after"]["verdict"])
        for one in told["changes"]
        if one["cause"] == cause
    ]


def test_what_the_rules_changed_and_what_the_portal_changed_are_told_apart(judged_anew):
    _, old, newer, told = judged_anew
    assert (told["rejudged_from"], told["against"], told["entities"]) == (old, newer, 3)
    assert changes(told, "rule") == [(*BENT, "failed", "passed")]
    moved = changes(told, "portal")
    assert moved
    assert {entity for entity, *_ in moved} == {MOVED}
    assert "passed" in {before for *_, before, _ in moved}
    assert len(moved) == told["causes"]["portal"]
    assert sum(count["count"] for count in told["counts"]) == len(told["changes"])


def test_a_rejudged_run_is_a_run_like_any_other_but_keeps_no_evidence_of_its_own(judged_anew):
    veedor, old, _, told = judged_anew
    folder = veedor.home / "runs" / told["run"]
    record = json.loads((folder / "run.json").read_text())
    assert record["rejudged_from"] == old
    assert list((folder / "evidence").iterdir()) == list((folder / "captures").iterdir()) == []
    with sqlite3.connect(veedor.home / "veedor.db") as db:
        rows = db.execute("SELECT rejudged_from, finished_at FROM runs WHERE id = ?", [told["run"]]).fetchall()
        visits = "SELECT entity_id, seen_at, pages, requests, warc FROM visits WHERE run_id = ? ORDER BY entity_id"
        assert db.execute(visits, [told["run"]]).fetchall() == db.execute(visits, [old]).fetchall()
        scored = "SELECT COUNT(*) FROM scores WHERE run_id = ?"
        assert db.execute(scored, [told["run"]]).fetchone() == db.execute(scored, [old]).fetchone()
    assert rows[0][0] == old
    assert rows[0][1]
    runs = {run["id"]: run for run in veedor.json("runs")}
    assert runs[told["run"]]["rejudged_from"] == old
    assert runs[told["run"]]["complete"]


def test_the_newest_word_on_a_country_stays_that_of_the_newest_visit(judged_anew):
    veedor, _, newer, _ = judged_anew
    assert veedor.json("show", MOVED)["visit"]["run"] == newer


def test_people_see_counts_causes_and_each_change_and_nothing_is_judged_twice(judged_anew):
    veedor, old, newer, told = judged_anew
    shown = veedor("rejudge", old, "--against", newer)
    assert f"were judged under today's rules before, as run {told['run']}" in shown.stderr
    assert "The rules have changed since then." in shown.stdout
    assert "Findings that other rules changed: 1" in shown.stdout
    assert f"Findings that the portals changed: {told['causes']['portal']}" in shown.stdout
    assert f"{BENT[1]}.offered: failed (not_found) → passed" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 100


def test_a_comparison_with_the_same_captures_is_refused(judged_anew):
    veedor, old, _, told = judged_anew
    assert "speak of the same captures" in veedor.look(("rejudge", old, "--against", told["run"]), 2).stderr


@pytest.fixture
def own(judged_anew, tmp_path):
    """The same home as one's own, without what was judged anew."""
    veedor, old, _, told = judged_anew
    mine = Veedor(tmp_path / "home")
    shutil.copytree(veedor.home, mine.home)
    return mine, old, told["run"]


def test_a_rejudged_run_that_was_cut_off_is_finished_by_resume(own):
    veedor, _, anew = own
    file = veedor.home / "runs" / anew / "audits" / "pe-oeste.json"
    before = file.read_bytes()
    file.unlink()
    told = veedor("resume")
    assert f"Continuing run {anew}: 2 of 3" in told.stderr
    assert file.read_bytes() == before
    assert "Findings that other rules changed: 1" in told.stdout


def test_evidence_that_is_gone_neither_fails_a_portal_nor_counts_as_a_change_of_rules(own):
    veedor, old, anew = own
    shutil.rmtree(veedor.home / "runs" / anew)
    file = veedor.home / "runs" / old / "captures" / "pe-oeste.json"
    kept = json.loads(file.read_text())
    file.write_text(json.dumps(kept | {"warcs": ["evidence/gone.warc.gz"]}))
    told = veedor.json("rejudge", old)
    assert told["causes"]["rule"] == 0
    lost = [one for one in told["changes"] if one["cause"] == "unread"]
    assert {one["entity"] for one in lost} == {"pe-oeste"}
    assert {one["after"]["verdict"] for one in lost} == {"untested"}


def test_a_run_of_an_older_veedor_has_nothing_to_judge_again(own):
    veedor, old, _ = own
    shutil.rmtree(veedor.home / "runs" / old / "captures")
    assert "holds no finished capture" in veedor.look(("rejudge", old), 2).stderr


def test_a_live_capture_is_judged_again_without_any_request(veedor, town):
    portal = town.open("muni").add("/", answer(HOME_PAGE)).add("/robots.txt", answer("", status=404))
    run = veedor.json("audit", portal.url, "--country", "PE", *QUICK)["run"]
    asked = len(portal.asked)
    told = veedor.json("rejudge", run)
    assert told["changes"] == []
    assert len(portal.asked) == asked
    (file,) = (veedor.home / "runs" / told["run"] / "audits").glob("*.json")
    evidence = json.loads(file.read_text())["warc"]
    assert (veedor.home / "runs" / told["run"] / evidence).is_file()


def test_bytes_that_an_earlier_run_keeps_are_referred_to_and_judged_from_there(veedor, town):
    large = HOME_PAGE + b"<p>" + b"Bienvenidos. " * 200
    portal = town.open("muni").add("/", answer(large)).add("/robots.txt", answer("", status=404))
    command = ("audit", portal.url, "--country", "PE", *QUICK)
    first, second = (veedor.json(*command)["run"] for _ in range(2))
    (file,) = (veedor.home / "runs" / second / "captures").glob("*.json")
    own, borrowed = json.loads(file.read_text())["warcs"]
    assert borrowed == f"../{first}/{own}"
    assert veedor.json("rejudge", second)["changes"] == []
