import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from crawler.capture import Branch, Entity, Level
from results.database import open_database
from results.errors import RegistryError
from results.registry import funnel, select_entities
from results.registry_columns import registry_columns
from results.registry_import import import_folder, import_registry

GOOD = "country,entity_name,level,url\nPE,Municipalidad de Aldea,local,https://www.aldea.gob.pe/\n"


def write(folder: Path, content: str | bytes, name: str = "registry.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def entities(db: Database) -> list[Entity]:
    return select_entities(db, without_portal=True)


def rejects(db: Database) -> list[tuple[int, str, str]]:
    return [tuple(row.values()) for row in db.query("SELECT line, reason, detail FROM registry_rejects ORDER BY id")]


def test_columns_are_known_in_any_order_and_language_and_the_rest_is_kept_in_the_details(empty: Database, tmp_path: Path) -> None:
    header = "Página Web;Población;Nivel de Gobierno;Nombre;PAÍS;Poder;n_hosts"
    table = f'{header}\nwww.aldea.gob.pe;"1.234";Municipal;Aldea;Perú;Judicial;3\n'
    report = import_registry(empty, write(tmp_path, table), source="a list")
    (entity,) = entities(empty)
    assert entity.portals == ("https://www.aldea.gob.pe",)
    assert (entity.name, entity.country, entity.level, entity.branch) == ("Aldea", "PE", Level.LOCAL, Branch.JUDICIARY)
    assert (entity.population, entity.source) == (1234, "a list")
    assert entity.details == {"n_hosts": "3", "branch": "Judicial"}
    assert report.columns == {
        "Página Web": "portals",
        "Población": "population",
        "Nivel de Gobierno": "level",
        "Nombre": "name",
        "PAÍS": "country",
        "Poder": "branch",
        "n_hosts": "",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_the_encoding_is_found_out(empty: Database, tmp_path: Path, encoding: str) -> None:
    names = "\n".join(f"PE,Municipalidad de Ñuñoa y Río Ñandú número {n},local,https://m{n}.gob.pe/" for n in range(20))
    import_registry(empty, write(tmp_path, f"país,nombre,nivel,url\n{names}\n".encode(encoding)))
    assert "Municipalidad de Ñuñoa y Río Ñandú número 7" in {entity.name for entity in entities(empty)}


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(empty: Database, tmp_path: Path, mark: str) -> None:
    import_registry(empty, write(tmp_path, GOOD.replace(",", mark)))
    assert [entity.id for entity in entities(empty)] == ["pe-aldea.gob.pe"]


@pytest.mark.parametrize(
    "content",
    [
        '[{"name": "Aldea", "country": "PE", "level": "local", "url": ["https://aldea.gob.pe/", "https://tramites.aldea.gob.pe/"]}]',
        '{"entities": [{"name": "Aldea", "country": "PER", "level": "local", "url": "https://aldea.gob.pe/ https://tramites.aldea.gob.pe/"}]}',
        '{"name": "Aldea", "country": "pe", "level": "Local", "url": "https://aldea.gob.pe/|https://tramites.aldea.gob.pe/"}\n\n'
        '{"name": "Bosque", "country": "PE", "level": "local", "url": null}\n',
    ],
)
def test_json_in_its_three_shapes_is_read(empty: Database, tmp_path: Path, content: str) -> None:
    import_registry(empty, write(tmp_path, content, "registry.json"))
    assert entities(empty)[0].portals == ("https://aldea.gob.pe/", "https://tramites.aldea.gob.pe/")


def test_a_list_of_addresses_becomes_entities_whose_level_is_marked_as_inferred(empty: Database, tmp_path: Path) -> None:
    report = import_registry(
        empty,
        write(
            tmp_path, "# portals\nhttps://www.munialdea.gob.pe/\nministerio.gob.cl\n\nportal.example.org\nmunirio.pe.example\n"
        ),
    )
    found = {entity.id: entity for entity in entities(empty)}
    assert report.format == "list"
    assert {name: (one.country, one.level) for name, one in found.items()} == {
        "pe-munialdea.gob.pe": ("PE", Level.LOCAL),
        "cl-ministerio.gob.cl": ("CL", Level.NATIONAL),
        "pe-munirio.pe.example": ("PE", Level.LOCAL),
    }
    assert all(one.details["level_confidence"] == "inferred" for one in found.values())
    assert rejects(empty) == [(5, "no_country", "portal.example.org")]


def test_rows_that_cannot_be_used_are_kept_with_line_reason_and_remedy(empty: Database, tmp_path: Path) -> None:
    table = (
        "country,name,level,url,valid_from\n"
        "PE,,local,https://a.gob.pe/,\n"
        ",B,local,https://b.gob.pe/,\n"
        "Atlantis,C,local,https://c.gob.pe/,\n"
        "PE,D,,https://d.gob.pe/,\n"
        "PE,E,galactic,https://e.gob.pe/,\n"
        "PE,F,local,http://,\n"
        "PE,G,local,https://g.gob.pe/plan.pdf,\n"
        '"PE","H\nof two lines",local,https://h.gob.pe/,\n'
        "PE,H again,local,http://www.h.gob.pe,\n"
        "PE,I,local,https://i.gob.pe/,soon\n"
        "PE,J,local,https://j.gob.pe/,,one,too many\n"
        "PE,K,local,https://www.facebook.com/k,\n"
        "PE,L,local,,\n"
    )
    report = import_registry(empty, write(tmp_path, table))
    assert rejects(empty) == [
        (2, "no_name", ""),
        (3, "no_country", ""),
        (4, "unknown_country", "Atlantis"),
        (5, "no_level", ""),
        (6, "bad_level", "galactic"),
        (7, "bad_url", "http://"),
        (8, "not_a_portal", "https://g.gob.pe/plan.pdf"),
        (11, "duplicate", "registry.csv:9"),
        (12, "bad_date", "soon"),
        (13, "unreadable_row", "one too many"),
        (14, "not_a_portal", "https://www.facebook.com/k"),
    ]
    assert [entity.name for entity in entities(empty)] == ["H\nof two lines", "L"]
    left = {step.step: step.left for step in funnel(empty, report.import_id)}
    assert (left["read"], left["known_level"], left["with_url"], left["distinct"], left["usable"]) == (13, 7, 5, 1, 1)
    remedies = empty.query(
        "SELECT remedy_es, remedy_pt, remedy_en FROM registry_rejects j JOIN reject_reasons r ON r.code = j.reason"
    )
    assert all(all(row.values()) for row in remedies)
    raw = json.loads(empty.execute("SELECT row_json FROM registry_rejects WHERE line = 13").fetchone()[0])
    assert raw == {
        "country": "PE",
        "name": "J",
        "level": "local",
        "url": "https://j.gob.pe/",
        "valid_from": "",
        "": ["one", "too many"],
    }


def test_importing_the_same_file_twice_gives_the_same_ids_and_changes_nothing(empty: Database, tmp_path: Path) -> None:
    table = GOOD + "PE,Casa,local,https://www.gob.pe/casa\nPE,Casa,local,https://www.gob.pe/otra-casa\nPE,No site,local,\n"
    first = import_registry(empty, write(tmp_path, table))
    before = [empty.execute(f"SELECT * FROM {name}").fetchall() for name in ("entities", "portals")]
    second = import_registry(empty, tmp_path / "registry.csv")
    assert (first.new, first.rejected, second.new, second.changed, second.same) == (4, 0, 0, 0, 4)
    assert [empty.execute(f"SELECT * FROM {name}").fetchall() for name in ("entities", "portals")] == before
    assert funnel(empty)[0].left == 4, "the latest import of a file counts, not all of them"


def test_an_entity_that_comes_again_otherwise_is_updated(empty: Database, tmp_path: Path) -> None:
    import_registry(empty, write(tmp_path, GOOD))
    report = import_registry(empty, write(tmp_path, GOOD.replace("Aldea,", "Villa,"), "newer.csv"))
    assert (report.new, report.changed) == (0, 1)
    assert [entity.name for entity in entities(empty)] == ["Municipalidad de Villa"]


def test_rows_with_one_id_are_one_entity_with_several_portals(empty: Database, tmp_path: Path) -> None:
    urls = ("https://a.gob.pe/", "https://b.gob.pe/", "a.gob.pe")
    table = "\n".join(["id,name,country,level,url", *(f"A 1,Aldea,PE,local,{url}" for url in urls)])
    report = import_registry(empty, write(tmp_path, table))
    (entity,) = entities(empty)
    assert entity.portals == ("https://a.gob.pe/", "https://b.gob.pe/")
    assert entity.id.startswith("a-1-")
    assert (report.entities, rejects(empty)) == (1, [(4, "duplicate", "registry.csv:2")])


def test_an_entity_whose_own_site_is_unknown_is_kept_without_portal(empty: Database, tmp_path: Path) -> None:
    table = (
        "country,entity_name,level,url,url_evidence\n"
        "PE,Aldea,local,https://www.transparencia.example/?id=1,transparency_page_only\n"
        "PE,Bosque,local,https://bosque.gob.pe/,offline-2026-02\n"
        "PE,Costa,local,https://costa.gob.pe/,memory\n"
        "PE,Dunas,local,https://dunas.gob.pe/,live-evidence\n"
    )
    report = import_registry(empty, write(tmp_path, table))
    assert [entity.name for entity in select_entities(empty)] == ["Bosque", "Costa", "Dunas"]
    aldea = next(entity for entity in entities(empty) if entity.name == "Aldea")
    assert aldea.details["transparency_page"] == "https://www.transparencia.example/?id=1"
    assert {step.step: step.removed for step in report.funnel if step.removed} == {"own_site": 1, "likely_live": 1, "verified": 1}
    assert report.funnel[-1].left == 1


def test_a_folder_is_one_registry_and_leaves_out_files_with_an_underscore(empty: Database, tmp_path: Path) -> None:
    write(tmp_path, GOOD, "a.csv")
    write(tmp_path, GOOD.replace("Aldea,", "The same portal,"), "b.csv")
    write(tmp_path, GOOD.replace("aldea", "other"), "_candidates.csv")
    reports = import_folder(empty, tmp_path)
    assert [(one.new, one.rejected) for one in reports] == [(1, 0), (0, 1)]
    assert rejects(empty) == [(2, "duplicate", "a.csv:2")]
    assert [entity.name for entity in entities(empty)] == ["Municipalidad de Aldea"]


@pytest.mark.parametrize(
    ("content", "place", "remedy"),
    [
        (b"", "registry.csv", "a header and one row per entity are expected"),
        (b"PK\x03\x04\x00\x00sheet", "line 1, column", "save the table as CSV"),
        (b"one,two\n1,2\n", "line 1, column 1", "give one a header such as name or url"),
        (b'name,url\nA,"https://a.gob.pe/\nB,https://b.gob.pe/\n', "line 3", "check the quotes"),
        (b'name,url\nA,"https://a.gob.pe/"x\n', "line 2", "check the quotes"),
        (b'[{"name": "A",}]', "line 1, column 15", "correct it at that place"),
        (b'{"name": "A"}\n{"name": \n', "line 2", "correct it at that place"),
        (b'{"entities": 3}', "line 1, column 1", "a list of entities"),
        (b"[" * 100_000, "line 1", "correct it at that place"),
    ],
)
def test_a_bad_file_names_file_line_column_and_remedy_and_changes_nothing(
    empty: Database, tmp_path: Path, content: bytes, place: str, remedy: str
) -> None:
    with pytest.raises(RegistryError) as caught:
        import_registry(empty, write(tmp_path, content))
    said = caught.value.say("en")
    assert said.startswith(str(tmp_path / "registry.csv"))
    assert place in said
    assert remedy in said
    assert "\n" not in said
    assert caught.value.say("es") != caught.value.say("pt") != said
    assert empty["imports"].count == 0


def test_a_file_that_is_not_there_and_a_folder_without_tables_are_said_so(empty: Database, tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="check the path"):
        import_registry(empty, tmp_path / "nothing.csv")
    with pytest.raises(RegistryError, match="holds no CSV"):
        import_folder(empty, tmp_path)


def test_every_reason_and_step_is_worded_in_three_languages() -> None:
    words = registry_columns()
    assert {step["reason"] for step in words["funnel"] if step["reason"]} == set(words["reasons"])
    for reason in words["reasons"].values():
        assert {language for name in ("text", "remedy") for language, text in reason[name].items() if text} == {"es", "pt", "en"}
    assert all(set(step["step"]) == {"es", "pt", "en"} for step in words["funnel"])


cells = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["PE", "Perú", "local", "nacional", "https://a.gob.pe/", "http://[", "a.gob.pe:99999", "x.pdf", "2026-01-01", "12"]
    ),
)
headers = st.sampled_from(
    ["id", "name", "country", "level", "url", "population", "valid_to", "languages", "succeeded_by", "other", ""]
)
tables = st.lists(headers, min_size=1, max_size=8).flatmap(
    lambda names: st.lists(st.lists(cells, max_size=9), max_size=5).map(
        lambda rows: "\n".join([",".join(names), *(",".join(row) for row in rows)])
    )
)
values = st.recursive(st.none() | st.booleans() | st.floats() | cells, lambda one: st.lists(one) | st.dictionaries(headers, one))
files = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    tables.map(lambda text: text.encode("utf-8", "replace")),
    values.map(lambda value: json.dumps(value).encode()),
    st.lists(values, max_size=4).map(lambda several: "\n".join(map(json.dumps, several)).encode()),
)


@given(files)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_holds_it_is_imported_or_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    with open_database(":memory:") as db:
        refused = None
        try:
            report = import_registry(db, write(tmp_path, content))
        except RegistryError as error:
            refused = error
        if refused:
            assert all(refused.say(language) for language in ("es", "pt", "en"))
            assert db["entities"].count == 0
            return
        assert report.rows == sum(step.removed for step in report.funnel) + report.funnel[-1].left
        assert report.entities == db["entities"].count
        again = import_registry(db, tmp_path / "registry.csv")
        assert (again.new, again.changed, again.same) == (0, 0, report.entities)


REGISTRIES = Path(__file__).resolve().parents[3] / "shared" / "reference" / "registries"


@pytest.mark.skipif(not REGISTRIES.is_dir(), reason="The registries of ../shared are not here.")
def test_the_reference_registries_are_imported_as_they_are(empty: Database) -> None:
    reports = [one for one in import_folder(empty, REGISTRIES) if not one.file.endswith("br_transparency_portals.csv")]
    assert sum(one.rows for one in reports) == 19_096
    assert sum(one.entities for one in reports) == 19_096 - sum(one.rejected for one in reports)
    assert sum(one.rejected for one in reports) <= 1
    steps = {step.step: step.removed for step in funnel(empty)}
    assert (steps["own_site"], steps["likely_live"], steps["verified"]) == (4070, 2140, 15)
    kept = select_entities(empty, ["PE"])[0]
    assert {"url_evidence", "level_confidence", "domain", "n_hosts"} <= kept.details.keys()
