"""The small parts that `veedor audit` stands on: names and countries of portals, runs, whole files, the estimate of time left."""

import dataclasses
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.catalog import load
from commands.home import Home, write_whole
from commands.progress import Tally
from commands.rules_check import faults
from commands.runs import RunRecord, all_runs, fingerprint, new_id, start, unfinished_twin
from commands.selection import AdHoc, country_of, entity_of, name_of
from crawler.capture import Entity, Level
from crawler.settings import CrawlSettings

CATALOG = load()


@pytest.mark.parametrize(
    ("host", "country"),
    [
        ("www.muni.gob.pe", "PE"),
        ("lab.gob.cl", "CL"),
        ("muni.pe.example", "PE"),
        ("council.gov.uk", "GB"),
        ("muni.org", ""),
        ("127.0.0.1", ""),
        ("localhost", ""),
        ("pe.", "PE"),
        ("", ""),
    ],
)
def test_the_end_of_a_host_tells_its_country_or_nothing(host, country):
    assert country_of(host) == country


@given(st.text(alphabet="abc.-/ñÑ漢?&=%_0", min_size=1, max_size=150))
def test_whatever_the_address_an_entity_of_it_can_be_named(path):
    entity = entity_of(f"https://www.muni.pe/{path}", AdHoc(), CATALOG)
    assert entity.id.startswith("muni.pe")


def test_ports_and_paths_are_part_of_a_portals_name():
    assert name_of("https://www.gob.pe/munilima") == "gob.pe-munilima"
    assert name_of("http://127.0.0.1:8000/") == "127.0.0.1-8000"


def entity(entity_id: str) -> Entity:
    return Entity(id=entity_id, name=entity_id, country="PE", level=Level.LOCAL, portals=(f"https://{entity_id}.pe/",))


def record(ids: tuple[str, ...], mark: str = "m") -> RunRecord:
    return RunRecord(
        id=new_id(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        started_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        selection="",
        entities=ids,
        settings=CrawlSettings(),
        rules_digest="d",
        versions={},
        fingerprint=mark,
    )


def test_the_same_run_is_known_by_whom_how_and_by_which_rules():
    settings = CrawlSettings()
    mark = fingerprint([entity("a"), entity("b")], settings, "rules")
    assert fingerprint([entity("b"), entity("a")], settings, "rules") == mark
    assert fingerprint([entity("a"), entity("b")], CrawlSettings(portals_at_once=9), "rules") == mark
    assert fingerprint([entity("a")], settings, "rules") != mark
    assert fingerprint([entity("a"), entity("b")], CrawlSettings(page_budget=9), "rules") != mark
    assert fingerprint([entity("a"), entity("b")], settings, "other rules") != mark


def test_only_an_unfinished_run_is_continued_and_the_newest_first(tmp_path):
    home = Home(tmp_path)
    home.make()
    first, second = start(home, record(("a",)), [entity("a")]), start(home, record(("a",)), [entity("a")])
    assert first.record.id != second.record.id
    assert [run.record.id for run in all_runs(home)] == [second.record.id, first.record.id]
    assert unfinished_twin(home, "m", ()) == second
    write_whole(second.audit_file("a"), "{}")
    assert unfinished_twin(home, "m", {second.record.id}) == first
    assert unfinished_twin(home, "m", ()) == second, "its audit files never reached the database"
    write_whole(first.audit_file("a"), "{}")
    assert unfinished_twin(home, "m", {first.record.id, second.record.id}) is None
    assert unfinished_twin(home, "another", ()) is None


def test_a_folder_without_run_json_is_no_run(tmp_path):
    home = Home(tmp_path)
    home.make()
    (home.runs / "20260101T000000Z").mkdir()
    assert all_runs(home) == []


def test_a_reader_sees_the_old_file_or_the_new_one_but_never_a_part(tmp_path):
    path = tmp_path / "file.json"
    contents = {letter * 200_000 for letter in "ab"}
    write_whole(path, "a" * 200_000)
    seen: set[str] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(path.read_text())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(60):
        write_whole(path, "ab"[number % 2] * 200_000)
    done.set()
    reader.join()
    assert seen <= contents
    assert os.listdir(tmp_path) == ["file.json"]  # noqa: PTH208


def test_the_time_left_follows_portals_and_the_pages_of_those_under_way():
    tally = Tally(total=4, already=0, page_budget=10, began=100.0)
    assert tally.seconds_left(100.0) is None
    tally.pages["a"] = 5
    assert tally.seconds_left(110.0) == pytest.approx(10 * 3.5 / 0.5)
    tally.finished.add("a")
    assert tally.done == 1
    assert tally.speed(110.0) == pytest.approx(0.5)
    assert tally.seconds_left(110.0) == pytest.approx(30.0)
    continued = Tally(total=4, already=3, page_budget=10, began=0.0)
    continued.finished.add("d")
    assert continued.seconds_left(5.0) == 0


def test_help_is_fast_because_nothing_heavy_is_loaded_for_it():
    check = "import sys, cli; print({'scrapy', 'playwright', 'lxml', 'pydantic', 'sqlite_utils', 'rich'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("criterion", "setting", "named"),
    [
        ("news", {"holds": ["dates"]}, "dates"),
        ("contact_form", {"form": {"all": ["massage"]}}, "massage"),
        ("contact_details", {"form": {}}, "form"),
    ],
)
def test_a_setting_that_a_search_does_not_know_is_a_mistake_in_the_rules(criterion: str, setting: dict, named: str) -> None:
    catalog = load()
    known = catalog.criteria[criterion]
    bent = known.model_copy(update={"find": {**known.find, **setting}})
    (fault,) = faults(dataclasses.replace(catalog, criteria={**catalog.criteria, criterion: bent}))
    assert named in fault
    assert fault.startswith(str(catalog.root / "criteria" / criterion))
