"""URLs as portals write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import urls
from crawler.territory import Territory, neighbours

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
        ("http://user:pass@otro.gob.pe/x", "http://otro.gob.pe/x"),
        ("http://xn--and-6ma2c.com.ar/", "http://xn--and-6ma2c.com.ar/"),
        ("http:///otro.gob.pe/x", "http://otro.gob.pe/x"),
        ("ac\nta\t.pdf", "http://muni.gob.pe/a/acta.pdf"),
        ("a%zz", "http://muni.gob.pe/a/a%zz"),
        ("%E1rea/\u00e1rea", "http://muni.gob.pe/a/%E1rea/%C3%A1rea"),
        ("(S(abc123))/x", "http://muni.gob.pe/a/x"),
        ("x" * 10_000, ""),
        ("http://" + "x" * 10_000, ""),
        ("http:///", ""),
        ("http://otro.gob.pe:99999/", ""),
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


@settings(deadline=None)
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
            urls.place(url),
            urls.is_private(url),
            urls.is_bad(target, url, base),
        )


ODD = ["http://", "https//", "//", "\\\\", "[", "]", "user:pw@", "a.pe", "xn--a", "ñ.pe", "%zz", "%C3%B1", "%", " ", "\n", ":80"]
ODD += [":x", "/../", "/./", ";jsessionid=1", ";sid=", "(S(a))", "?sid=1&", "#", "\ud800", "\0", "localhost", "1.2.3.4", "[::1]"]
ODD += ["file:///", "é", "."]


@settings(deadline=None)
@given(st.lists(st.sampled_from(ODD), max_size=8).map("".join))
def test_pieces_of_broken_links_never_raise_and_stay_as_they_are_once_normalised(target: str) -> None:
    for url in (urls.normalise(target), urls.resolve(BASE, target)):
        assert urls.normalise(url) == url
        assert urls.key(urls.normalise(url)) == urls.key(url)
        assert isinstance(urls.shape(url) + urls.family(url), str)
        assert isinstance(urls.is_bad(target, url, BASE), bool)


@settings(deadline=None)
@given(st.from_regex(r"https?://[a-z0-9.-]{1,12}\.(pe|gob)/[A-Za-z0-9_~./-]{0,30}", fullmatch=True))
def test_the_short_way_to_normalise_is_no_other_way(url: str) -> None:
    assert urls.normalise(url) == urls._normalised(url)


@pytest.mark.parametrize(
    ("target", "bad"),
    [
        ("http://[Acuerdo", True),
        ("http://", True),
        ("http:///x", True),
        ("https//otro.gob.pe/x", True),
        ("http;//otro.gob.pe/x", True),
        ("http://https://otro.gob.pe/", True),
        ("www.otro.gob.pe", True),
        ("www.otro.gob.pe:80/x", True),
        ("mesa@muni.gob.pe", True),
        ("file:///C:/acta.pdf", True),
        ("C:\\actas\\acta.pdf", True),
        ("http://localhost/acta.pdf", True),
        ("http://192.168.0.7/acta.pdf", True),
        ("http://servidor/acta.pdf", True),
        ("http://a b/", True),
        ("acta 12.pdf", False),
        ("../x", False),
        ("www/x.html", False),
        ("https.html", False),
        ("#", False),
        ("", False),
        ("?page=2", False),
        ("javascript:void(0)", False),
        ("mailto:mesa@muni.gob.pe", False),
        ("tel:+51 1", False),
        ("//otro.gob.pe/x", False),
        ("http:/otro.gob.pe/x", False),
        ("http://8.8.8.8/x", False),
        ("http://ñandú.com.ar/", False),
    ],
)
def test_links_that_lead_citizens_nowhere_are_told(target: str, bad: bool) -> None:
    assert urls.is_bad(target, urls.resolve(BASE, target), BASE) is bad


def test_a_machine_of_ones_own_network_is_no_bad_link_on_itself() -> None:
    assert not urls.is_bad("/x", "http://127.0.0.1:8000/x", "http://127.0.0.1:8000/")
    assert urls.is_bad("http://127.0.0.1:8000/x", "http://127.0.0.1:8000/x", BASE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.pe/2026/11/22/", "http://a.pe/2031/1/3/"),
        ("http://a.pe/c?month=1&year=2026", "http://a.pe/c?year=2031&month=12"),
        ("http://a.pe/page/2/", "http://a.pe/page/999/"),
        ("http://a.pe/l?f[0]=a", "http://a.pe/l?f[0]=b&f%5B12%5D=c"),
        ("http://a.pe/s/3f2a9c0be7d14d55/x", "http://a.pe/s/aaaaaaaaaaaaaaaaaaaa/x"),
    ],
)
def test_pages_of_one_list_or_calendar_share_a_shape(one: str, other: str) -> None:
    assert urls.shape(one) == urls.shape(other)


@settings(deadline=None)
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
    assert Territory.of([home]).owns(url) is own


def test_a_folder_of_a_shared_host_is_told_from_its_neighbours() -> None:
    site = Territory.of(["https://www.gub.example/ministerio-a"])
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
    assert Territory.of(homes[:1], neighbours([[home] for home in homes])).owns(url) is own


def test_a_host_with_one_body_is_shared_only_when_it_is_named() -> None:
    home = "http://muni.example/web/start.php"
    assert Territory.of([home], neighbours([[home], ["http://other.example/"]])).owns("http://muni.example/x")
    assert not Territory.of([home], neighbours([[home]], ["www.muni.example"])).owns("http://muni.example/x")


def test_paths_that_go_in_circles_are_seen() -> None:
    assert urls.repeats_itself("http://a.pe/x/y/x/y/")
    assert urls.repeats_itself("http://a.pe/es/1/es/2/es/")
    assert not urls.repeats_itself("http://a.pe/2024/05/05/acta")
