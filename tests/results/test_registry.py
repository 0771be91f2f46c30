from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database

from crawler.capture import Level
from results.countries import country_code
from results.registry import check, get_entity, is_private, list_entities, select_entities, shared_hosts
from results.registry_import import import_registry

TABLE = """id,name,country,level,url,valid_from,valid_to,succeeded_by
a,Aldea,PE,local,https://a.gob.pe/,,,
b,Bosque,PE,local,https://b.gob.pe/,2030-01-01,,
c,Costa,PE,local,https://c.gob.pe/,,2020-12-31,a
d,Departamento,PE,regional,https://d.gob.pe/,,,
e,Estado,CL,national,https://e.gob.cl/,,,
f,Faro,PE,local,,,,
g,Gemela,PE,local,http://www.a.gob.pe,,,
h,Huerfana,PE,local,https://h.gob.pe/,,,nobody
i,Interna,PE,local,http://10.0.0.7/,,,
"""


@pytest.fixture
def registry(empty: Database, tmp_path: Path) -> Database:
    file = tmp_path / "registry.csv"
    file.write_text(TABLE)
    import_registry(empty, file)
    return empty


def ids(found: object) -> list[str]:
    return [entity.id for entity in found]  # type: ignore[attr-defined]


def test_entities_are_selected_by_country_and_level_those_that_exist_today(registry: Database) -> None:
    today = date(2026, 3, 1)
    assert ids(select_entities(registry, on=today)) == ["e", "a", "g", "i", "d"]
    assert ids(select_entities(registry, ["pe"], [Level.LOCAL], on=today)) == ["a", "g", "i"]
    assert ids(select_entities(registry, ["PE"], ["regional", "national"], on=today)) == ["d"]
    assert ids(select_entities(registry, ["PE"], ["local"], on=today, without_portal=True)) == ["a", "f", "g", "i"]


def test_entities_are_selected_as_they_were_on_a_given_day(registry: Database) -> None:
    assert "b" in ids(select_entities(registry, on=date(2030, 1, 1)))
    assert "b" not in ids(select_entities(registry, on=date(2029, 12, 31)))


def test_an_entity_that_is_named_is_selected_even_if_retired(registry: Database) -> None:
    assert ids(select_entities(registry, ids=["c", "f", "unknown"])) == ["c", "f"]


def test_the_registry_is_listed_page_by_page(registry: Database) -> None:
    first, second = list_entities(registry, limit=5), list_entities(registry, limit=5, offset=5)
    assert (first.total, ids(first.entities + second.entities)) == (9, ["e", "a", "b", "c", "f", "g", "h", "i", "d"])
    assert ids(list_entities(registry, words="hUER").entities) == ["h"]


def test_one_entity_is_found_by_its_id(registry: Database) -> None:
    found = get_entity(registry, "c")
    assert found is not None
    assert (found.valid_to, found.succeeded_by) == (date(2020, 12, 31), "a")
    assert get_entity(registry, "unknown") is None


def test_a_check_names_all_that_is_doubtful(registry: Database) -> None:
    found = {(problem.kind, problem.entities, problem.detail) for problem in check(registry)}
    assert found == {
        ("no_portal", ("f",), ""),
        ("shared_portal", ("a", "g"), "https://a.gob.pe/"),
        ("missing_successor", ("h",), "nobody"),
        ("private_host", ("i",), "http://10.0.0.7/"),
    }


@pytest.mark.parametrize(("host", "private"), [("localhost", True), ("::1", True), ("intranet.local", True), ("a.gob.pe", False)])
def test_private_hosts_are_known_by_their_name(host: str, private: bool) -> None:
    assert is_private(host) is private


def test_hosts_on_which_more_than_one_body_lives_are_known(registry: Database) -> None:
    assert shared_hosts(registry, ["a", "b"]) == ("a.gob.pe",)
    assert shared_hosts(registry, ["b", "d"]) == ()


@pytest.mark.parametrize("said", ["LC", "lca", "Santa Lucía", "St. Lucia", "Saint Lucia", "SAINT LUCIA"])
def test_a_country_is_known_by_its_codes_and_by_every_usual_way_of_writing_it(said) -> None:
    assert country_code(said) == "LC"
