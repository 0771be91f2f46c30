"""The site is written whole or not at all, and never over what is not ours."""

import resource

import pytest

from results.database import open_database
from results.site.errors import SiteError
from results.site.publish import MARKER, publish
from tests.site.reading import pages, tree
from tests.site.world import REASONS, RUN, VOCABULARY, Level, audit, database, entity, findings, visit

FEW = ("contact_form", "contact_details", "site_search")
LIMIT = 3_000
"""Bytes that a file may have while the disk is "full": less than any page."""


def towns(count, rules):
    """A database of so many towns judged by a few criteria, and what `publish` takes."""
    criteria, frameworks = [criterion for criterion in rules[0] if criterion.id in FEW], rules[1]
    told = (
        audit(
            entity(n, f"Villa {n:03}", "PE", Level.LOCAL),
            visit(),
            findings(criteria, n % 11, f"https://e{n}.example/", "Contacto"),
        )
        for n in range(count)
    )
    return database(":memory:", criteria, frameworks, told), frameworks, criteria, REASONS, VOCABULARY


@pytest.fixture
def small(rules):
    """What `publish` takes, for a site of one town."""
    return towns(1, rules)


def test_long_lists_are_split_into_pages(rules, tmp_path):
    report = publish(*towns(205, rules), tmp_path / "out")
    assert report.entities == 205
    assert report.heaviest < 200_000
    assert len(tree(report.out / "es/pe/entities.html").xpath("//tbody/tr")) == 200
    assert len(tree(report.out / "es/pe/entities-2.html").xpath("//tbody/tr")) == 5
    assert tree(report.out / "es/pe/elac2010-39-2.html").xpath("//nav[@class='pager']//a[@aria-current='page']")


def test_a_folder_of_somebody_else_is_left_alone(small, tmp_path):
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(SiteError, match="not empty"):
        publish(*small, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]
    with pytest.raises(SiteError, match="not a folder"):
        publish(*small, tmp_path / "precious.txt")


def test_our_own_site_is_replaced_whole(small, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    publish(*small, out)
    (out / "es/stale.html").write_text("old")
    publish(*small, out, run=RUN)
    assert not (out / "es/stale.html").exists()
    assert (out / MARKER).is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_leaves_the_old_site_and_no_crumbs(small, tmp_path):
    out = tmp_path / "out"
    publish(*small, out)
    before = (out / "es/index.html").read_bytes()
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, old[1]))
    try:
        with pytest.raises(SiteError, match="cannot be written"):
            publish(*small, out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert (out / "es/index.html").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_site_that_stops_half_way_was_never_there(rules, tmp_path):
    made = towns(3, rules)
    made[0].execute("UPDATE evidence SET captured_at = 'yesterday' WHERE finding_id = (SELECT MAX(finding_id) FROM evidence)")
    with pytest.raises(ValueError, match="captured_at"):
        publish(*made, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_a_site_is_replaced_and_what_it_led_to_is_kept(small, tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    publish(*small, real)
    link.symlink_to(real)
    publish(*small, link)
    assert not link.is_symlink()
    assert (link / MARKER).is_file()
    assert (real / "es/index.html").is_file()


def test_nothing_to_publish_is_said_in_one_sentence(rules, tmp_path):
    with pytest.raises(SiteError) as empty:
        publish(open_database(":memory:"), rules[1], rules[0], REASONS, VOCABULARY, tmp_path / "out")
    assert empty.value.say("es").startswith("No hay resultados")
    assert not (tmp_path / "out").exists()


def test_an_unknown_run_and_a_strange_base_address_are_refused(small, tmp_path):
    with pytest.raises(SiteError, match="nope"):
        publish(*small, tmp_path / "out", run="nope")
    with pytest.raises(SiteError, match="http"):
        publish(*small, tmp_path / "out", base_url="javascript:alert(1)")


def test_the_same_results_give_the_same_bytes(small, tmp_path):
    first, second = (publish(*small, tmp_path / name, base_url="https://veedor.example/x/").out for name in ("a", "b"))
    assert len(pages(first)) > 50
    for path in pages(first):
        assert (second / path.relative_to(first)).read_bytes() == path.read_bytes(), path


def test_languages_name_each_other_by_full_address_where_it_is_known(small, tmp_path):
    out = publish(*small, tmp_path / "out", base_url="https://veedor.example/x").out
    page = tree(out / "pt/pe/index.html")
    assert page.xpath("string(//link[@rel='canonical']/@href)") == "https://veedor.example/x/pt/pe/index.html"
    assert "https://veedor.example/x/en/pe/index.html" in page.xpath("//link[@rel='alternate']/@href")
