"""`veedor audit` from the first request to the scorecard, against real portals on loopback."""

import csv
import io
import json
import os
import shutil
import signal
import socket
from pathlib import Path

import pytest
import sqlite_utils
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.portals.behaviours import answer, page, silent
from tests.portals.server import Town

from .conftest import HOME_PAGE, QUICK, Veedor, wait_until


def write_archive(path: Path, pages: dict[str, bytes]) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, body in pages.items():
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=headers))
    return path


def audit_files(home: Path) -> list[Path]:
    return sorted(home.glob("runs/*/audits/*.json"))


def rows(home: Path, query: str) -> list[dict[str, object]]:
    database = sqlite_utils.Database(home / "veedor.db")
    try:
        return list(database.query(query))
    finally:
        database.close()


def test_one_portal_by_its_address_leaves_audit_evidence_database_proof_and_score(veedor, town):
    portal = town.open("muni").add("/", answer(HOME_PAGE)).add("/robots.txt", answer("", media_type="text/plain"))
    told = veedor("audit", portal.url, "--country", "pe", *QUICK)
    assert "1 portals, 1 read" in told.stdout
    assert "[1/1]" in told.stderr
    (file,) = audit_files(veedor.home)
    audit = json.loads(file.read_text())
    assert audit["entity"]["country"] == "PE"
    assert audit["entity"]["languages"] == ["es"]
    assert (file.parent.parent / audit["warc"]).is_file()
    assert rows(veedor.home, "SELECT COUNT(*) AS n FROM visits") == [{"n": 1}]
    entity = audit["entity"]["id"]
    shown = veedor("show", entity, "--criterion", "contact_details").stdout
    assert "passed" in shown
    assert portal.url in shown
    found = veedor.json("show", entity, "--criterion", "social_media")["findings"]
    assert [(finding["criterion"], finding["verdict"]) for finding in found] == [("social_media", "passed")]
    assert "facebook.com/muniprueba" in found[0]["explained"] + found[0]["evidence"][0]["quote"]
    cards = veedor.json("score", "pe")
    assert [card["item"] for card in cards] == [str(code) for code in range(37, 49)]
    plain = veedor("score", "PE", "--goal", "39", "--why", "--lang", "es").stdout
    assert "Perú" in plain
    assert "contact_details.offered" in plain
    assert max(map(len, plain.splitlines())) <= 100


def test_a_portal_that_cannot_be_read_is_untested_with_reason_and_remedy(veedor):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        told = veedor("audit", url, "--country", "PE", *QUICK, code=1)
    assert "connection_refused" in told.stdout
    assert "No portal could be read" in told.stderr
    (file,) = audit_files(veedor.home)
    assert {finding["verdict"] for finding in json.loads(file.read_text())["findings"]} == {"untested"}


@pytest.fixture(scope="module")
def archived(tmp_path_factory):
    """A home after an audit of two archives, the command, and what it said to programs."""
    folder = tmp_path_factory.mktemp("archived")
    files = [
        write_archive(folder / f"{name}.warc.gz", {f"http://www.{name}.gob.{end}/": HOME_PAGE})
        for name, end in (("uno", "pe"), ("dos", "bo"))
    ]
    command = ["audit", "--no-browser", "--from", *files]
    veedor = Veedor(folder / "home")
    return veedor.home, command, veedor.json(*command)


def test_archives_are_audited_together_each_as_a_portal_of_its_own(archived):
    _, _, told = archived
    assert told["portals"] == told["read"] == 2
    assert [(visit["entity"], visit["country"]) for visit in told["visits"]] == [("dos.gob.bo", "BO"), ("uno.gob.pe", "PE")]
    assert {visit["warc"] for visit in told["visits"]} == {"uno.warc.gz", "dos.warc.gz"}


def test_a_run_whose_results_never_reached_the_database_is_brought_in_by_the_same_command(veedor, archived):
    home, command, _ = archived
    shutil.copytree(home, veedor.home)
    for file in veedor.home.glob("veedor.db*"):
        file.unlink()
    told = veedor(*command)
    assert "Continuing" in told.stderr
    assert rows(veedor.home, "SELECT COUNT(*) AS n FROM visits") == [{"n": 2}]
    assert len(list(veedor.home.glob("runs/*"))) == 1


def test_a_table_of_portals_brings_names_levels_and_archives(veedor, tmp_path):
    write_archive(tmp_path / "a.warc.gz", {"http://www.uno.pe.example/": HOME_PAGE})
    table = tmp_path / "portals.csv"
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["entity_id", "entity_name", "country", "level", "languages", "url", "capture", "captured_at"])
        writer.writerow(["pe-uno", "Uno", "PE", "regional", "es", "http://www.uno.pe.example/", "a.warc.gz", ""])
    veedor("audit", "--portals", table, "--no-browser")
    assert rows(veedor.home, "SELECT id, name, level FROM entities") == [{"id": "pe-uno", "name": "Uno", "level": "regional"}]


def test_the_registry_says_whom_to_audit(veedor, town, tmp_path):
    names = ("norte", "sur")
    portals = [town.open(name).add("*", answer(HOME_PAGE)).add("/robots.txt", answer("", status=404)) for name in names]
    table = tmp_path / "registry.csv"
    lines = [f"pe-{portal.name},{portal.name},PE,local,{portal.url}" for portal in portals]
    table.write_text("\n".join(["entity_id,name,country,level,url", *lines]), encoding="utf-8")
    veedor("registry", "import", table)
    told = veedor.json("audit", "--country", "PE", "--level", "local", "--entity", "pe-sur", *QUICK)
    assert [visit["entity"] for visit in told["visits"]] == ["pe-sur"]
    assert portals[0].asked == []


def slow(town):
    """Three portals that answer at once, and two that take their time until `hurry` is called."""
    for number in range(5):
        portal = town.open(f"p{number}").add("/robots.txt", answer("", status=404)).add("/", answer(HOME_PAGE))
        if number >= 3:
            portal.add("/", silent(20))
    return town


def command_for(town) -> list[str]:
    return ["audit", *(portal.url for portal in town.portals.values()), "--country", "PE", *QUICK, "--at-once", "5"]


@pytest.fixture(scope="module")
def slow_town():
    with Town(None) as served:
        yield slow(served)


@pytest.fixture(scope="module")
def killed_home(slow_town, tmp_path_factory):
    """A home in which an audit of the slow town was killed when three of its five portals were finished."""
    veedor = Veedor(tmp_path_factory.mktemp("killed") / "home")
    process = veedor.start(*command_for(slow_town))
    wait_until(lambda: len(audit_files(veedor.home)) == 3)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return veedor.home


@pytest.fixture
def killed(veedor, slow_town, killed_home):
    """The command of the audit that was killed, and what it left, as a home of this test's own."""
    shutil.copytree(killed_home, veedor.home)
    return command_for(slow_town)


def hurry(town) -> None:
    for name in ("p3", "p4"):
        town.portals[name].add("/", answer(page("Municipalidad", "<p>Bienvenidos</p>")))


def test_killing_half_way_and_running_again_loses_no_finished_portal_and_doubles_none(veedor, slow_town, killed):
    finished = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in audit_files(veedor.home)}
    assert len(finished) == 3
    (before,) = veedor.json("runs")
    assert (before["finished"], before["complete"]) == (3, False)
    asked = {name: len(portal.asked) for name, portal in slow_town.portals.items()}
    hurry(slow_town)

    told = veedor(*killed)

    assert "Continuing" in told.stderr
    (after,) = veedor.json("runs")
    assert (after["id"], after["finished"], after["complete"]) == (before["id"], 5, True)
    assert {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in finished} == finished
    assert {name: len(slow_town.portals[name].asked) for name in ("p0", "p1", "p2")} == {n: asked[n] for n in ("p0", "p1", "p2")}
    visits = rows(veedor.home, "SELECT entity_id, COUNT(*) AS times FROM visits GROUP BY entity_id")
    assert [visit["times"] for visit in visits] == [1] * 5
    doubles = (
        "SELECT COUNT(*) AS n FROM (SELECT 1 FROM findings GROUP BY run_id, entity_id, criterion_id, aspect HAVING COUNT(*) > 1)"
    )
    assert rows(veedor.home, doubles) == [{"n": 0}]
    assert not list(veedor.home.glob("runs/*/audits/.*"))


def test_an_audit_file_that_was_written_but_not_stored_is_stored_by_the_next_run(veedor, slow_town, killed):
    database = sqlite_utils.Database(veedor.home / "veedor.db")
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("DELETE FROM visits")
    database.conn.commit()
    database.close()
    hurry(slow_town)
    veedor(*killed)
    assert rows(veedor.home, "SELECT COUNT(*) AS n FROM visits") == [{"n": 5}]


def test_a_second_veedor_keeps_off_the_run_of_the_first_and_ctrl_c_says_how_to_continue(veedor, town, started):
    command = command_for(slow(town))
    process = started(*command)
    wait_until(lambda: len(audit_files(veedor.home)) == 3)
    told = veedor(*command, code=2)
    assert "Another veedor is working on run" in told.stderr
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=30)
    assert process.returncode == 130
    assert complaints.splitlines()[-1] == ("Interrupted. Finished portals are kept; run the same command again to continue.")
    assert "Traceback" not in complaints
