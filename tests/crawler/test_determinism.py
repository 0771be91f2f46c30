"""What is said of a page depends neither on the moment, nor on what is open beside it, nor on what was looked at before."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import psutil
import pytest

from bench.measuring import served
from crawler.browser import Browser, Rendering, find_browser
from crawler.capture import RuleResult, Seen
from crawler.guard import Guard
from crawler.ledger import Ledger
from crawler.settings import CrawlSettings
from tests.crawler.den import Den, script
from tests.portals import behaviours as be
from tests.portals.server import Town

pytestmark = pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed")

PAGES, TRIED_OUT = 100, 10
"""How many pages there are, and of how many what trying them out shows is compared, too."""

Looked = dict[str, Rendering | None]


@pytest.fixture(scope="module")
def urls() -> Iterator[list[str]]:
    with served(str(PAGES), "1", site="bench.lively") as site:
        yield site["urls"]


def look(urls: Sequence[str], try_seconds: float, *at_once: int) -> list[Looked]:
    """All pages as those of one visit, by browsers that open so many at a time, each in an order of its own."""
    hosts = (urlsplit(urls[0]).netloc,)

    async def run(most: int) -> Looked:
        order = random.Random(most).sample(list(urls), len(urls))
        browser = Browser(CrawlSettings(allow_private=hosts, try_seconds=try_seconds), Guard(hosts), None, at_once=most)
        ledger = Ledger()
        try:
            seen = await asyncio.gather(*(browser.look(url, ledger, axe=True) for url in order))
        finally:
            await browser.close()
        return dict(zip(order, seen, strict=True))

    async def all_at_a_time() -> list[Looked]:
        return list(await asyncio.gather(*map(run, at_once)))

    return asyncio.run(all_at_a_time())


def said(results: Sequence[RuleResult]) -> set[tuple[object, ...]]:
    """Which rules said what of how many and which elements."""
    return {(one.id, one.outcome, one.elements, tuple(node.selector for node in one.nodes)) for one in results}


def shown(seen: Seen) -> tuple[object, ...]:
    """What trying out showed, but for snippets, in which clocks may stand."""
    reach = seen.keyboard and (seen.keyboard.operable, seen.keyboard.reached, seen.keyboard.trapped)
    return said(seen.checks), seen.reflow and seen.reflow.overflow, reach, seen.voiced, seen.passages


def test_a_hundred_pages_get_the_same_findings_one_by_one_and_many_at_a_time(urls: list[str]) -> None:
    alone, beside = look(urls, 0, 1, 4)
    differing = {}
    for url in urls:
        one, other = alone[url], beside[url]
        assert one is not None, url
        assert one.axe, (url, one.unexamined)
        assert other is not None, url
        assert other.axe, (url, other.unexamined)
        if found := said(one.axe) ^ said(other.axe):
            differing[urlsplit(url).path] = sorted(map(str, found))
    assert differing == {}
    assert sum(len(said(page.axe)) for page in alone.values() if page and page.axe) > 30 * PAGES


def test_trying_pages_out_shows_the_same_one_by_one_and_many_at_a_time(urls: list[str]) -> None:
    chosen = urls[:TRIED_OUT]
    alone, beside = look(chosen, 60, 1, 3)
    for url in chosen:
        one, other = alone[url], beside[url]
        assert one is not None, url
        assert one.seen, url
        assert other is not None, url
        assert other.seen, url
        assert shown(one.seen) == shown(other.seen), url


KEEPING = """const before = document.cookie + (localStorage.been || '') + (sessionStorage.been || '') + name + history.state;
document.querySelector('h1').textContent = `before: ${before}.`;
addEventListener('pagehide', () => { sessionStorage.been = localStorage.been = name = 'been' });
document.cookie = 'been=1'; sessionStorage.been = localStorage.been = name = 'been'; history.replaceState('been', '');
fetch('/counted').then(answer => answer.text()).then(said => document.body.append(`answer ${said}`))"""


def test_a_page_finds_nothing_that_an_earlier_one_of_its_visit_left() -> None:
    """Both are shown by the same window, and each asks anew for what the other one may have left in the cache."""
    with Town(None) as town, Den(town) as den:
        counted = be.answer("1", cache_control="max-age=3600")
        den.portal.add("/counted", counted).add("/keeping*", be.answer(script(KEEPING, before="<p>x</p>")))
        ledger = Ledger()
        processes = set()
        for path in ("keeping/1", "keeping/2", "keeping/3"):
            html = den.page(path, ledger).html
            assert "before: null." in html
            assert "answer 1" in html
            processes.add(frozenset(child.pid for child in den.chromium.children(recursive=True) if _renders(child)))
        assert len(processes) == 1, "the window was used again"
        assert den.portal.paths().count("/counted") == 3


def _renders(process: psutil.Process) -> bool:
    return "--type=renderer" in process.cmdline()
