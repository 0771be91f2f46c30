"""The proof of politeness: what was asked of whom, at which pace, and who was told by whom."""

import json
from datetime import UTC, datetime

import pytest

from audits.model import Audit
from commands import store
from commands.politeness import rules_of
from commands.runs import Run, RunRecord, start
from crawler.capture import Capture, CaptureRecord, Entity, HostVisit, Level, Page, Reason, Visit
from crawler.settings import CrawlSettings
from results.ingest import ingest_audit, ingest_run
from results.queries import host_totals
from tests.portals.behaviours import answer, page

from .archives import pages_of, write_archive
from .conftest import HOME_PAGE, QUICK, Veedor

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONTACT = "https://veedor.example/"


def visited(home_dir, settings: CrawlSettings, *hosts: HostVisit, pages: tuple[Page, ...] = ()) -> tuple[Run, dict]:
    """A stored run of one visit that asked these hosts; its rules by name."""
    home, db = store.open_home(home_dir)
    entity = Entity(id="pe-uno", name="Uno", country="PE", level=Level.LOCAL, portals=("https://uno.gob.pe/",))
    visit = Visit(reason=Reason.COMPLETE, reached=True, thorough=True, started_at=NOON, ended_at=NOON, hosts=hosts)
    record = RunRecord(
        id="r1", started_at=NOON, selection="PE", entities=("pe-uno",), settings=settings, rules_digest="d", versions={},
        fingerprint="f",
    )  # fmt: skip
    run = start(home, record, [entity])
    run.capture_file("pe-uno").write_text(CaptureRecord.of(Capture(entity, visit, list(pages)), ()).model_dump_json())
    ingest_run(db, run.folder)
    audit = Audit(run=run.record.id, entity=entity, visit=visit, findings=(), rules_digest="d", program_version="0")
    ingest_audit(db, audit)
    return run, {rule.name: rule for rule in rules_of(run, host_totals(db, run.record.id), db)}


def host(name: str, **more: object) -> HostVisit:
    return HostVisit.model_validate(
        {"host": name, "requests": 5, "bytes": 5000, "delay_seconds": 1.0, "robots": "found", "shortest_gap": 1.0} | more
    )


def test_every_rule_that_was_kept_says_so_with_its_figures(tmp_path):
    slow = host("lento.gob.pe", delay_seconds=10.0, shortest_gap=10.0, robots="absent", failures=12, broken=1)
    _, rules = visited(tmp_path, CrawlSettings(contact=CONTACT), host("uno.gob.pe"), slow)
    assert all(rule.kept for rule in rules.values())
    assert "never less than 1 s" in rules["pause"].sentence
    assert "(2 measured); 1 were owed longer ones" in rules["pause"].sentence
    assert "found on 1 hosts, absent on 1" in rules["robots"].sentence
    assert CONTACT in rules["agent"].sentence
    assert "12 requests failed" in rules["breaker"].sentence


def test_a_pause_that_was_too_short_is_no_secret(tmp_path):
    _, rules = visited(tmp_path, CrawlSettings(contact=CONTACT), host("uno.gob.pe"), host("dos.gob.pe", shortest_gap=0.4))
    assert not rules["pause"].kept
    assert rules["pause"].breaches == ("dos.gob.pe",)


def test_a_page_of_a_host_whose_robots_txt_could_not_be_reached_is_a_breach(tmp_path):
    shut = host("uno.gob.pe", robots="unreachable")
    refused = Page("https://uno.gob.pe/", "https://uno.gob.pe/", 0, "", NOON, problem=Reason.ROBOTS_UNREACHABLE)
    _, rules = visited(tmp_path / "kept", CrawlSettings(contact=CONTACT), shut, pages=(refused,))
    assert rules["robots"].kept
    assert "1 could not be reached" in rules["robots"].sentence
    read = Page("https://uno.gob.pe/", "https://uno.gob.pe/", 200, "text/html", NOON)
    _, rules = visited(tmp_path / "broken", CrawlSettings(contact=CONTACT), shut, pages=(read,))
    assert rules["robots"].breaches == ("uno.gob.pe",)


def test_hours_are_those_of_the_country(tmp_path):
    kept = visited(tmp_path / "kept", CrawlSettings(contact=CONTACT, hours="06:00-08:00"), host("uno.gob.pe"))[1]["hours"]
    assert kept.kept, "noon in UTC is seven in Lima"
    late = visited(tmp_path / "late", CrawlSettings(contact=CONTACT, hours="11:00-13:00"), host("uno.gob.pe"))[1]["hours"]
    assert late.breaches == ("pe-uno",)


def test_a_live_run_proves_its_manners_to_people_and_to_programs(veedor, town):
    links = "".join(f'<p><a href="/{number}.html">Presupuesto {number}</a></p>' for number in range(3))
    portal = town.open("muni").add("/robots.txt", answer("", status=404)).add("/", answer(page("Muni", links)))
    for number in range(3):
        portal.add(f"/{number}.html", answer(page(f"Presupuesto {number}", "<p>Partidas</p>")))
    told = veedor("audit", portal.url, "--country", "PE", *QUICK, "--delay", "0.3")
    assert f"{len(portal.asked)} requests" in told.stdout
    assert "Proof by host: veedor politeness" in told.stdout
    proof = veedor.json("politeness")
    (asked,) = proof["hosts"]
    assert (asked["host"], asked["requests"]) == (portal.url.split("/")[2], len(portal.asked))
    gaps = [after.at - before.at for before, after in zip(portal.asked, portal.asked[1:], strict=False)]
    assert proof["shortest_gap"] >= 0.3
    assert min(gaps) >= 0.25
    assert {rule["name"]: rule["kept"] for rule in proof["rules"]} == dict.fromkeys(("pause", "robots", "agent", "breaker"), True)
    shown = veedor("politeness", "--lang", "es").stdout
    assert "Pausas: nunca menos de 0,3 s" in shown
    assert max(map(len, shown.splitlines())) <= 100


def test_an_archive_owes_nothing_to_anybody_and_needs_no_contact(veedor, tmp_path):
    archive = write_archive(tmp_path / "a.warc.gz", pages_of("vale-das-garcas", "http://www.vale.example.br/"))
    told = veedor("audit", "--from", archive, "--no-browser", "--country", "BR")
    assert "No request left this machine" in told.stdout
    assert "contact" not in told.stderr
    assert [rule["name"] for rule in veedor.json("politeness")["rules"]] == ["offline"]


@pytest.mark.parametrize(("language", "words"), [("en", "No contact is set"), ("pt", "Não há contato")])
def test_without_a_contact_a_warning_says_why_it_goes_slower(tmp_path, language, words):
    veedor = Veedor(tmp_path / "home", language)
    told = veedor("audit", "http://127.0.0.1:9/", "--country", "PE", "--no-browser", code=1)
    assert words in told.stderr
    assert "2 s" in told.stderr
    assert "VEEDOR_CONTACT" in told.stderr
    assert "private_address" in told.stdout


def test_ones_own_portals_need_no_contact(veedor, town):
    portal = town.open("muni").add("/", answer(HOME_PAGE)).add("/robots.txt", answer("", status=404))
    told = veedor("audit", portal.url, "--country", "PE", "--no-browser", "--allow-private", "127.0.0.1", "--delay", "0")
    assert "contact" not in told.stderr


def test_a_run_that_judged_old_captures_points_to_the_one_that_asked(veedor, tmp_path):
    run, _ = visited(veedor.home, CrawlSettings(contact=CONTACT), host("uno.gob.pe"))
    record = json.loads((run.folder / "run.json").read_text())
    anew = run.folder.with_name("r2")
    anew.mkdir()
    (anew / "run.json").write_text(json.dumps(record | {"id": "r2", "rejudged_from": "r1"}))
    shown = veedor("politeness", "r2")
    assert "asked nothing; this is run r1" in shown.stderr
    assert "uno.gob.pe" in shown.stdout
    assert veedor.json("politeness", "r2")["run"] == "r1"
    assert "There is no run r9" in veedor("politeness", "r9", code=2).stderr
