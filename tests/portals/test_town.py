"""The demonstration portals are what they claim to be: whole where they should be, broken only where they mean to be."""

import csv
import io
import re
from datetime import date
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

import pytest
from lxml import html

from tests.portals.dates import fill_dates
from tests.portals.demonstration import prepare, registry_text
from tests.portals.server import Town

MISSING = ("/pagina.html", "/pagos.html", "/noticias.php", "/docs/presupuesto.pdf", "/docs/actas.pdf")
BROKEN_ON_PURPOSE = {("pampa-del-sauce", path) for path in MISSING}


@pytest.fixture(scope="module")
def town():
    with Town() as served:
        yield prepare(served)


def fetch(url):
    try:
        with urlopen(url, timeout=10) as reply:
            return reply.status, reply.headers["Content-Type"], reply.read()
    except HTTPError as error:
        return error.code, "", error.read()


def walk(portal):
    """Every local URL reachable by links, forms and images: {path: (status, type, body)}."""
    seen, todo = {}, [portal.url]
    while todo:
        url = todo.pop()
        path = urlsplit(url).path
        if path in seen:
            continue
        seen[path] = status, kind, body = fetch(url)
        if status == 200 and "html" in kind:
            tree = html.fromstring(body.decode())
            places = tree.xpath("//a/@href | //img/@src | //form/@action | //link/@href | //script/@src")
            found = (urljoin(url, place) for place in places if not place.startswith(("#", "mailto:")))
            todo += [target for target in found if target.startswith(portal.url)]
    return seen


def test_links_resolve_except_those_broken_on_purpose(town):
    broken = {
        (name, path)
        for name, portal in town.portals.items()
        for path, (status, _, _) in walk(portal).items()
        if status != 200 and name != "laguna-dormida"
    }
    assert broken == BROKEN_ON_PURPOSE


def test_every_file_of_a_portal_can_be_reached_by_links(town):
    for portal in town.portals.values():
        if not portal.folder or portal.name == "gobierno-altamar":
            continue
        reached = set(walk(portal))
        files = {"/" + str(file.relative_to(portal.folder)) for file in portal.folder.rglob("*") if file.is_file()}
        assert files - reached - {"/index.html", "/robots.txt"} == set(), portal.name


def test_no_placeholder_reaches_a_visitor(town):
    for portal in town.portals.values():
        for path, (_, kind, body) in walk(portal).items():
            assert b"{{" not in body, (portal.name, path)
            if kind == "application/pdf":
                assert body.startswith(b"%PDF-"), path
                assert len(body) < 4096, path


def test_the_registry_names_every_portal_and_its_port(town):
    rows = list(csv.DictReader(io.StringIO(registry_text(town))))
    assert {row["url"] for row in rows} == {portal.url for portal in town.portals.values()}
    assert len({row["entity_id"] for row in rows}) == len(rows) == 10
    assert sum(row["country"] == "PE" for row in rows) == 6


def test_one_portal_is_out_of_service_and_one_keeps_robots_out(town):
    closed = town.portals["laguna-dormida"].url
    assert [fetch(closed + path)[0] for path in ("robots.txt", "", "contacto.html")] == [404, 503, 503]
    assert re.search(rb"(?m)^Disallow: /$", fetch(town.portals["vale-das-garcas"].url + "robots.txt")[2])


@pytest.mark.parametrize(
    ("placeholder", "expected"),
    [
        (b"{{days_ago:12}}", "2026-11-10"),
        (b"{{days_ago:12:dmy}}", "10/11/2026"),
        (b"{{days_ago:-40:es}}", "1 de enero de 2027"),
        (b"{{months_ago:11:pt}}", "dezembro de 2025"),
        (b"{{years_ago:1}}", "2025"),
        (b"{{other}}", "{{other}}"),
    ],
)
def test_dates_are_counted_from_the_day_of_serving(placeholder, expected):
    assert fill_dates(placeholder, date(2026, 11, 22)).decode() == expected
