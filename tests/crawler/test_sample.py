"""Which pages are examined for accessibility, and why."""

import asyncio
import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audits.catalog import RulesError
from audits.facts import read, read_page
from commands.guide import guide_from, sampling_from
from crawler.browser import Browser, find_browser
from crawler.capture import CaptureRecord, DocumentFacts, Link, Page, PageFacts, Reason
from crawler.ending import Course
from crawler.examining import Examination
from crawler.guard import Guard
from crawler.guide import Guide
from crawler.ledger import Ledger
from crawler.sample import choose
from crawler.settings import CrawlSettings
from crawler.templates import templates
from crawler.tools import Tools, nothing_earlier
from tests.crawler.crawling import crawl, entity, manners
from tests.crawler.crawling import rules as program_rules
from tests.portals import behaviours as be
from tests.portals.server import Town

HOST = "http://a.pe/"
NAV = '<nav class="menu"><ul><li><a href="/contact">contact</a><li><a href="/apply">apply</a></ul></nav>'
SEARCH = '<form action="/find"><input type="search" name="q"></form>'
NEWS = '<article class="entry post-{n}"><h1>{n}</h1><figure class="lead"><img src="/{n}.png"></figure><p>Text {n}.</article>'
LAW = '<table class="laws"><caption>Laws</caption><tr><th>Number<td>{n}</table><section class="text"><ol><li>One</ol></section>'
PEOPLE = '<div class="card"><img src="/{n}.png"><h2 class="name">Person {n}</h2><address>Office {n}</address></div>'
FORM = '<form action="/send" method="post"><input name="{n}"><textarea name="why"></textarea></form>'


def topics(link: Link) -> frozenset[str]:
    """A link may prove what its words are."""
    return frozenset({link.text})


GUIDE = Guide(read, topics, common=("contact", "help"), process=("apply",))


def page(path: str, body: str = "", *, via: str = "", n: str = "") -> Page:
    """A page as a crawl would have read it."""
    url = HOST + path
    facts = read_page(f"<!doctype html><body>{NAV}{SEARCH}<main>{body.format(n=n or path)}</main>", url)
    return Page(url, url, 200, "text/html", datetime.now(UTC), facts=facts, via=HOST + via)


def portal() -> list[Page]:
    """Home, common pages, a process of three steps, and many pages of three templates."""
    return [
        page("", "<h1>Home</h1><section class='hero'><video></video></section>"),
        *(page(f"news/{n}", NEWS) for n in range(9)),
        page("contact", "<dl><dt>Telephone<dd>1234</dl>"),
        page("apply", '<p class="steps">How to apply</p><a href="/apply/who">next</a>'),
        page("apply/who", FORM, via="apply"),
        page("apply/what", FORM + '<input type="file">', via="apply/who"),
        *(page(f"law/{n}", LAW) for n in range(5)),
        *(page(f"people/{n}", PEOPLE) for n in range(7)),
    ]


def reasons(pages: list[Page], most: int, seed: str = "pe-a") -> list[tuple[str, str]]:
    return [(one.page.url.removeprefix(HOST), one.reason) for one in choose(pages, most, GUIDE, seed)]


def test_the_sample_is_home_then_common_pages_processes_one_page_of_each_template_and_chance() -> None:
    said = reasons(portal(), 15)
    assert said[:5] == [
        ("", "home"),
        ("contact", "common:contact"),
        ("apply", "process:apply"),
        ("apply/who", "process:apply"),
        ("apply/what", "process:apply"),
    ]
    kinds = [path.partition("/")[0] for path, reason in said if reason == "template"]
    assert kinds == ["news", "people", "law"], "the template of most pages first"
    assert Counter(reason for _, reason in said)["random"] == 2, "a tenth of the eighteen others"
    assert len(said) == len({path for path, _ in said})


def test_where_there_is_no_room_for_all_the_first_are_kept() -> None:
    assert reasons(portal(), 1) == [("", "home")]
    assert [reason for _, reason in reasons(portal(), 4)] == ["home", "common:contact", "process:apply", "template"]
    assert reasons(portal(), 0) == []
    assert reasons([], 5) == []


def test_chance_takes_the_same_pages_each_time_and_others_for_another_body() -> None:
    assert reasons(portal(), 15) == reasons(portal(), 15)
    draws = {tuple(path for path, reason in reasons(portal(), 15, seed) if reason == "random") for seed in "abcdef"}
    assert len(draws) > 1
    assert all(one.hands == (one.reason != "random") for one in choose(portal(), 15, GUIDE, "pe-a"))


def test_only_pages_of_the_portals_own_that_could_be_read_are_chosen_and_each_once() -> None:
    pages = portal()[:1]
    for number, change in enumerate(({"delegated": True}, {"problem": Reason.NOT_FOUND}, {"facts": None})):
        pages.append(page(f"law/{number}", LAW))
        for name, value in change.items():
            setattr(pages[-1], name, value)
    pages += [page("law/8", LAW), page("law/9", LAW)]
    pages[-1].digest = pages[-2].digest = "sha256:one"
    assert reasons(pages, 15) == [("", "home"), ("law/8", "template")]


def test_a_search_field_on_all_pages_makes_no_process_and_no_page_with_a_form() -> None:
    pages = [page(""), page("contact", LAW), page("apply", LAW), page("apply/more", PEOPLE, via="apply"), page("news", NEWS)]
    assert not any(reason.startswith("process") for _, reason in reasons(pages, 15))


def test_a_page_with_a_form_stands_for_itself_beside_others_of_its_template() -> None:
    pages = [page("", "<h1>Home</h1>"), page("news/1", NEWS), page("news/2", NEWS + "<input name='mail'>"), page("news/3", NEWS)]
    assert reasons(pages, 3) == [("", "home"), ("news/2", "template"), ("news/1", "template")]


def test_pages_of_one_template_are_known_by_their_markup_whatever_they_say_and_wherever_they_are() -> None:
    pages = [page("x/1", NEWS), page("x/2", LAW), page("y/3", NEWS), page("x/4", LAW), page("x/5", PEOPLE), page("z/6", NEWS)]
    groups = [[one.url.removeprefix(HOST) for one in group] for group in templates(pages)]
    assert groups == [["x/1", "y/3", "z/6"], ["x/2", "x/4"], ["x/5"]]


def test_without_a_structure_the_address_tells_the_template() -> None:
    pages = [
        Page(HOST + path, "", 200, "text/html", datetime.now(UTC), facts=PageFacts())
        for path in ("", "news/1", "news/2", "law/7/text")
    ]
    assert [len(group) for group in templates(pages)] == [1, 2, 1]


def test_numbers_in_class_names_and_repeated_rows_leave_the_structure_as_it_is() -> None:
    def structure(body: str) -> tuple[int, ...]:
        return read_page(f"<body>{body}", HOST).structure

    row = '<li class="item item-{n}"><a href="/{n}">Thing <b>{n}</b></a>'
    one, many = ("".join(row.format(n=n) for n in range(count)) for count in (2, 40))
    assert structure(f"<ul>{one}</ul>") == structure(f"<ul>{many}</ul>") != ()
    assert structure("<p hidden><table></table><p>a") == structure("<p>a")
    assert max(len(structure("".join(f"<i{n}><p>" for n in range(900)))), 0) == 128


def test_the_rules_name_criteria_that_exist() -> None:
    sampling, guide = sampling_from(program_rules()), guide_from(program_rules())
    assert (guide.common, guide.process) == (sampling.common, sampling.process)
    assert "contact_details" in guide.common
    assert "online_application" in guide.process


@pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed")
def test_a_visit_examines_its_sample_and_keeps_the_reasons(tmp_path: Path) -> None:
    with Town(None) as town:
        body = '<a href="/chart">x</a> <a href="/minutes">minutes</a> <a href="/file.pdf">budget</a> <a href="/broken">chart</a>'
        made = town.open("plain").add("/", be.answer(be.page("home", body)))
        made.add("/minutes", be.answer(be.page("minutes", LAW))).add("/chart", be.answer(be.page("chart", NEWS)))
        made.add("/broken", be.answer(be.page("broken", FORM + "<script>while (navigator.webdriver) {}</script>")))
        made.add("/file.pdf", be.answer(b"%PDF-1.4", media_type="application/pdf"))
        settings = manners(made.host, browser=True, axe_pages=4, timeout_seconds=4, try_seconds=2)
        capture = crawl([entity("plain", made.url)], settings, tmp_path).captures["plain"]
    sampled = {one.url.removeprefix(made.url): one for one in capture.pages if one.sampled}
    assert {path: one.sampled for path, one in sampled.items()} == {
        "": "home",
        "broken": "template",
        "chart": "template",
        "minutes": "template",
        "file.pdf": "document",
    }
    assert [path for path, one in sampled.items() if one.axe is None] == ["broken", "file.pdf"]
    assert f"{made.url}broken was not examined" in capture.visit.detail
    record = CaptureRecord.model_validate_json(CaptureRecord.of(capture, ()).model_dump_json())
    assert [one.sampled for one in record.pages] == [one.sampled for one in capture.pages]
    assert isinstance(sampled["file.pdf"].document, DocumentFacts)


@pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed")
def test_what_there_was_no_time_for_is_named() -> None:
    async def examine(url: str, host: str) -> list[str]:
        settings = CrawlSettings(allow_private=(host,), archives=("at once",))
        browser = Browser(settings, Guard((host,)), None)
        course = Course(entity("slow", url), Ledger())
        course.add(Page(url, url, 200, "text/html", datetime.now(UTC), facts=PageFacts()))
        course.add(Page(url + "news/1", "", 200, "text/html", datetime.now(UTC), facts=PageFacts()))
        tools = Tools(settings, None, None, GUIDE, None, Path(), None, browser, nothing_earlier, print)  # type: ignore[arg-type]
        examination = Examination(course, tools)
        with suppress(TimeoutError):
            await asyncio.wait_for(examination.run(), 0.3)
        await browser.close()
        return examination.notes()

    with Town(None) as town:
        made = town.open("slow")
        notes = asyncio.run(examine(made.url, made.host))
    assert notes == [f"{made.url}{path} was not examined: no time was left" for path in ("", "news/1")]


def test_a_mistake_in_the_rules_of_the_sample_is_told_with_its_file(tmp_path: Path) -> None:
    for text, told in (
        (None, "is missing"),
        ("common = [", "is not valid TOML"),
        ('common = "contact_details"\nprocess = []', "'common'"),
        ('common = ["contact_detail"]\nprocess = []', "names 'contact_detail', which is no criterion"),
    ):
        if text is not None:
            (tmp_path / "sample.toml").write_text(text, encoding="utf-8")
        with pytest.raises(RulesError, match=re.escape(told)) as error:
            sampling_from(replace(program_rules(), root=tmp_path))
        assert "sample.toml" in str(error.value)
