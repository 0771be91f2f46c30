"""Sitemaps and feeds as portals write them: broken, compressed, hostile."""

import gzip
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.capture import Place
from crawler.sitemaps import MOST_BYTES, MOST_FILES, MOST_PAGES, Listing, guesses, inflated, links

URL = "http://muni.gob.pe/sitemap.xml"
ROOT = "http://muni.gob.pe/"


def urlset(*locations: str, inside: str = "") -> bytes:
    entries = "".join(f"<url><loc>{location}</loc>{inside}</url>" for location in locations)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()


def index(*locations: str) -> bytes:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{one}</loc></sitemap>' for one in locations)}</sitemapindex>".encode()


def paths(listing: Listing) -> list[str]:
    return [link.url.removeprefix(ROOT) for link in listing.pages]


def test_a_sitemap_names_pages_without_words() -> None:
    inside = '<lastmod>2026-01-02</lastmod><i:image xmlns:i="x"><i:loc>http://muni.gob.pe/photo.jpg</i:loc></i:image>'
    listing = links(urlset(f" {ROOT}budget \n", "/minutes?a=1&amp;b=2", inside=inside), URL)
    assert paths(listing) == ["budget", "minutes?a=1&b=2"]
    assert {(link.text, link.place, link.kind) for link in listing.pages} == {("", Place.ASIDE, "sitemap")}
    assert not listing.files


def test_an_index_names_one_list_of_each_kind_first() -> None:
    listing = links(index(*(f"{ROOT}{kind}-{number}.xml" for kind in ("post", "page") for number in (1, 2)), URL), URL)
    assert [file.removeprefix(ROOT) for file in listing.files] == ["post-1.xml", "page-1.xml", "post-2.xml", "page-2.xml"]


@pytest.mark.parametrize("layers", [1, 2])
def test_compressed_lists_are_read_and_what_is_left_of_damaged_ones(layers: int) -> None:
    body = urlset(*(f"{ROOT}page-{number}" for number in range(500)))
    packed = body
    for _ in range(layers):
        packed = gzip.compress(packed)
    assert len(links(packed, URL).pages) == 500
    assert 0 < len(links(gzip.compress(body)[:-200], URL).pages) < 500
    assert links(b"\x1f\x8b" + b"junk" * 50, URL) == Listing()


def test_a_plain_list_has_one_address_a_line() -> None:
    assert paths(links(f"\ufeffnote\n{ROOT}a\r\n  {ROOT}b\nftp://x/\n".encode(), ROOT + "sitemap.txt")) == ["a", "b"]


@pytest.mark.parametrize(
    "feed",
    [
        "<rss><channel><link>{r}</link><item><title>{t}</title><link> {r}n1 </link></item></channel></rss>",
        "<rss><channel><item><title>{t}</title><guid>{r}n1</guid></item></channel></rss>",
        '<feed xmlns="http://www.w3.org/2005/Atom"><link href="{r}"/><entry><link rel="self" href="{r}self"/>'
        '<link href="{r}n1"/><title>{t}</title><id>tag:1</id></entry></feed>',
        '<rdf:RDF xmlns:rdf="r" xmlns="http://purl.org/rss/1.0/"><item><title>{t}</title><link>{r}n1</link></item></rdf:RDF>',
    ],
)
def test_a_feed_names_pages_by_their_titles(feed: str) -> None:
    title = "Obra &amp;eacute;  &nbsp;<![CDATA[<b>nueva</b>]]>"
    (link,) = links(feed.format(r=ROOT, t=title).encode(), URL).pages
    assert (link.url, link.text, link.kind) == (ROOT + "n1", "Obra é nueva", "feed")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (urlset(ROOT + "a", ROOT + "b")[:-20], ["a", "b"]),
        (f"<urlset><url><loc>{ROOT}a</loc><url><loc>{ROOT}b</loc></url></urlset>".encode(), ["b", "a"]),
        (f"<urlset><url><loc>{ROOT}a?x=1&y=2</loc></url></urlset>".encode(), ["a?x=1&y=2"]),
        (f'\n<br />Warning<?xml version="1.0"?><urlset><url><loc>{ROOT}a</loc></url></urlset>'.encode(), ["a"]),
        (b"\n \xef\xbb\xbf" + urlset(ROOT + "a"), ["a"]),
        (f"<urlset><url><loc>{ROOT}a\xf1o</loc></url></urlset>".encode("cp1252"), ["a%C3%B1o"]),
        (f'<?xml version="1.0" encoding="utf-16"?><urlset><url><loc>{ROOT}a</loc></url></urlset>'.encode("utf-16"), ["a"]),
        (urlset("http://localhost/a", "file:///a", "http://[a", "www.muni.gob.pe/a", "", ROOT + "b"), ["b"]),
        (b"<!doctype html><html><body><a href=/x>Not found</a></body></html>", []),
        (b"\0\0\0", []),
        (b"", []),
    ],
)
def test_what_is_broken_is_read_as_far_as_it_goes(body: bytes, found: list[str]) -> None:
    assert paths(links(body, URL)) == found


def bomb(depth: int) -> bytes:
    grown = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 50}">' for level in range(1, depth))
    return f'<!DOCTYPE r [<!ENTITY e0 "{ROOT}x">{grown}]><urlset><url><loc a="&e{depth - 1};">&e{depth - 1};</loc></url>'.encode()


@pytest.mark.parametrize(
    "body",
    [
        bomb(10),
        b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname"><!ENTITY % b SYSTEM "http://127.0.0.1:1/x"> %b;]>'
        b"<urlset><url><loc>&a;</loc></url>",
        b"<a>" * 2_000_000,
        b"<urlset>" + b"<x/>" * 4_000_000,
        b"<urlset><url><loc>" + b"x" * MOST_BYTES,
        gzip.compress(b"<urlset>" + bytes(3 * MOST_BYTES), 1),
        gzip.compress(gzip.compress(bytes(3 * MOST_BYTES), 1), 1),
    ],
    ids=["entities", "foreign entities", "deep", "many", "long", "gzip", "gzip in gzip"],
)
def test_bombs_cost_little(body: bytes) -> None:
    begun = time.process_time()
    listing = links(body, URL)
    assert time.process_time() - begun < 5
    assert len(listing.pages) <= 1
    assert all("root" not in link.url and len(link.url) < 200 for link in listing.pages)
    assert len(inflated(body)) <= MOST_BYTES


def test_of_too_many_pages_those_near_the_root_and_new_are_kept() -> None:
    deep = "".join(f"<url><loc>{ROOT}news/2020/{number}</loc><lastmod>2020</lastmod></url>" for number in range(5_000))
    near = f"<url><loc>{ROOT}news/2020/x</loc><lastmod>2026</lastmod></url><url><loc>{ROOT}budget</loc></url>"
    kept = paths(links(f"<urlset>{deep}{near}</urlset>".encode(), URL))
    assert len(kept) == MOST_PAGES
    assert kept[:2] == ["budget", "news/2020/x"]


def test_of_too_many_lists_only_some_are_kept() -> None:
    assert len(links(index(*(f"{ROOT}{number}.xml" for number in range(1000))), URL).files) == MOST_FILES


@settings(deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"<urlset><url><loc>", b"<rss><item><link>", b"\x1f\x8b\x08", b"\xff\xfe<"])
)
def test_nothing_that_a_portal_sends_raises(tail: bytes, head: bytes) -> None:
    links(head + tail, URL)


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        (ROOT, ["sitemap.xml"]),
        (ROOT + "web/index.php", ["web/sitemap.xml", "sitemap.xml"]),
        ("http://[broken", []),
    ],
)
def test_without_a_word_in_robots_txt_a_sitemap_is_looked_for_beside_home_and_at_the_root(home: str, expected: list[str]) -> None:
    assert [guess.removeprefix(ROOT) for guess in guesses(home)] == expected
