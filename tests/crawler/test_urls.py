"""URLs as portals write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import urls
from crawler.site import Site, neighbours

BASE = "http://muni.gob.pe/a/page.html"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("../acta 12.pdf", "http://muni.gob.pe/acta%2012.pdf"),
        ("docs\\2024\\acta.pdf", "http://muni.gob.pe/a/docs/2024/acta.pdf"),
        ("http:\\\\otro.gob.pe\\x", "http://otro.gob.pe/x"),
        ("http:/otro.gob.pe/x", "http://otro.gob.pe/x"),
        ("//otro.gob.pe:80/x#y", "http://otro.gob.pe/x"),
        ("  Acta.PDF\n", "http://muni.gob.pe/a/Acta.PDF"),
        ("?page=2", "http://muni.gob.pe/a/page.html?page=2"),
        ("x;jsessionid=AB12?PHPSESSID=1&id=7", "http://muni.gob.pe/a/x?id=7"),
        ("a/../../../b/.", "http://muni.gob.pe/b/"),
        ("https://ñandú.com.ar/é", "https://xn--and-6ma2c.com.ar/%C3%A9"),
        ("http://[Acuerdo", ""),
        ("http://a b/", ""),
        ("file:///C:/acta.pdf", ""),
        ("javascript:void(0)", ""),
        ("mailto:a@b.pe", ""),
        ("tel:+51 1", ""),
        ("#top", ""),
        ("", ""),
    ],
)
def test_a_target_becomes_the_url_it_means(target: str, expected: str) -> None:
    assert urls.resolve(BASE, target) == expected


@given(st.text(), st.text())
def test_nothing_that_a_portal_writes_raises(base: str, target: str) -> None:
    for url in (urls.resolve(base, target), urls.resolve(BASE, target), target):
        (
            urls.key(url),
            urls.domain(url),
            urls.shape(url),
            urls.family(url),
            urls.ending(url),
            urls.repeats_itself(url),
            urls.host_of(url),
        )


@given(st.text(alphabet="ab/.:?&=%#\\[]@;ñ 01", max_size=40))
def test_normalising_twice_changes_nothing(tail: str) -> None:
    for url in (urls.normalise("http://" + tail), urls.resolve(BASE, tail)):
        assert urls.normalise(url) == url


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.muni.gob.pe/x/", "https://muni.gob.pe/x"),
        ("http://muni.gob.pe/index.php", "http://muni.gob.pe/"),
        ("http://muni.gob.pe/sesi%C3%B3n.pdf", "http://muni.gob.pe/sesión.pdf"),
        ("http://muni.gob.pe/x?b=1&a=2&utm_source=z", "http://muni.gob.pe/x?a=2&b=1"),
    ],
)
def test_spellings_of_one_page_share_a_key(one: str, other: str) -> None:
    assert urls.key(one) == urls.key(other)


@pytest.mark.parametrize(
    ("home", "url", "own"),
    [
        ("http://www.lima.gob.pe/", "https://transparencia.lima.gob.pe/x", True),
        ("http://www.lima.gob.pe/", "http://cusco.gob.pe/", False),
        ("http://lab.gob.cl/", "http://www.gob.cl/", False),
        ("http://riacho.rs.gov.br/", "http://outra.rs.gov.br/", False),
        ("http://www.villa.ar.example/", "http://villa.ar.example/x", True),
        ("http://www.villa.ar.example/", "http://otra.ar.example/x", False),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8002/", False),
        ("http://[::1]:8001/", "http://[::1]:8001/x", True),
    ],
)
def test_a_site_is_what_one_body_registered(home: str, url: str, own: bool) -> None:
    assert Site.of([home]).owns(url) is own


def test_a_folder_of_a_shared_host_is_told_from_its_neighbours() -> None:
    site = Site.of(["https://www.gub.example/ministerio-a"])
    assert site.within("https://www.gub.example/ministerio-a/actas")
    assert not site.within("https://www.gub.example/ministerio-b")


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://www.gob.example/a", True),
        ("https://gob.example/a/x", True),
        ("https://www.gob.example/ab", False),
        ("https://www.gob.example/b/x.pdf", False),
        ("https://www.gob.example/files/x.pdf", True),
        ("https://www.gob.example/files/", False),
        ("https://www.gob.example/", False),
        ("https://gob.example:8080/ab", False),
    ],
)
def test_what_bodies_own_on_a_shared_host(url: str, own: bool) -> None:
    homes = ["https://www.gob.example/a", "https://gob.example/b/index.html"]
    assert Site.of(homes[:1], neighbours([[home] for home in homes])).owns(url) is own


def test_a_host_with_one_body_is_shared_only_when_it_is_named() -> None:
    home = "http://muni.example/web/start.php"
    assert Site.of([home], neighbours([[home], ["http://other.example/"]])).owns("http://muni.example/x")
    assert not Site.of([home], neighbours([[home]], ["www.muni.example"])).owns("http://muni.example/x")


def test_paths_that_go_in_circles_are_seen() -> None:
    assert urls.repeats_itself("http://a.pe/x/y/x/y/")
    assert urls.repeats_itself("http://a.pe/es/1/es/2/es/")
    assert not urls.repeats_itself("http://a.pe/2024/05/05/acta")
