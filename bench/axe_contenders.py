"""Those that audit the same pages in a browser; each is run alone in a process and prints what it did as JSON.

python -m bench.axe_contenders bare|axe|trials AT_ONCE < JSON LIST OF URLS
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

VIEW = {"width": 1280, "height": 720}
RECYCLED_AFTER = 50
"""Pages that one page of the bare loop shows before a fresh one takes its place."""

STILL = """quiet => new Promise(done => {
  const start = performance.now();
  let last = start;
  const watch = new MutationObserver(() => { last = performance.now() });
  watch.observe(document, {subtree: true, childList: true, attributes: true});
  const ends = one => one.playState === 'running' && isFinite(one.effect?.getComputedTiming().endTime ?? Infinity);
  const look = () => {
    const now = performance.now();
    if (now - start > 8 * quiet || now - last >= quiet && !document.getAnimations().some(ends)) { watch.disconnect(); done() }
    else setTimeout(look, 50);
  };
  look();
})"""
QUIET = 300

RUN = """async tags => {
  const answer = await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations', 'incomplete'],
    elementRef: false});
  return JSON.stringify({violations: answer.violations, incomplete: answer.incomplete});
}"""


async def bare(urls: Sequence[str], at_once: int) -> dict[str, Any]:
    """The least that audits settled pages: one Chromium, pages that are used again, axe-core in each, JSON made in the page."""
    from playwright.async_api import async_playwright

    from crawler.chromium import find_browser
    from crawler.settings import CrawlSettings
    from crawler.trials.axe import AXE_SCRIPT, TAGS

    waiting = list(reversed(urls))
    failed = 0

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_browser(CrawlSettings()) or None, args=["--no-sandbox", "--disable-background-networking"]
        )

        async def work() -> None:
            nonlocal failed
            served = 0
            while waiting:
                if served % RECYCLED_AFTER == 0:
                    context = await browser.new_context(
                        reduced_motion="reduce", viewport=VIEW, bypass_csp=True, service_workers="block"
                    )
                    page = await context.new_page()
                served += 1
                await page.goto(waiting.pop(), wait_until="load", timeout=60_000)
                await page.evaluate(STILL, QUIET)
                await page.evaluate(AXE_SCRIPT + ";0")
                answer = json.loads(await page.evaluate(RUN, list(TAGS)))
                failed += len(answer["violations"])
                if served % RECYCLED_AFTER == 0:
                    await context.close()

        seconds = await _timed(asyncio.gather(*(work() for _ in range(at_once))))
        await browser.close()
    return {"pages": len(urls), "seconds": seconds, "failed": failed}


async def veedor(urls: Sequence[str], at_once: int, **more: Any) -> dict[str, Any]:
    """What the program does with the pages of one portal."""
    from crawler.browser import Browser, Rendering
    from crawler.guard import Guard
    from crawler.ledger import Ledger
    from crawler.pen import WarcPen
    from crawler.settings import CrawlSettings

    hosts = (urlsplit(urls[0]).netloc,)
    settings = CrawlSettings(allow_private=hosts, **more)
    browser = Browser(settings, Guard(hosts), None)
    seen: list[Rendering | None] = []

    async def work() -> None:
        seen.extend(await asyncio.gather(*(browser.look(url, ledger, axe=True) for url in urls)))

    with tempfile.TemporaryDirectory() as folder, WarcPen(Path(folder) / "evidence.warc.gz", settings.user_agent) as pen:
        ledger = Ledger(pen=pen)
        seconds = await _timed(work())
        await browser.close()
    failed = sum(rule.outcome == "failed" for page in seen if page for rule in page.axe or ())
    return {"pages": sum(page is not None and page.axe is not None for page in seen), "seconds": seconds, "failed": failed}


async def _timed(work: Awaitable[Any]) -> float:
    begun = time.perf_counter()
    await work
    return time.perf_counter() - begun


CONTENDERS: dict[str, Callable[[Sequence[str], int], Awaitable[dict[str, Any]]]] = {
    "bare": bare,
    "axe": lambda urls, at_once: veedor(urls, at_once, try_seconds=0),
    "trials": veedor,
}

if __name__ == "__main__":
    print(json.dumps(asyncio.run(CONTENDERS[sys.argv[1]](json.load(sys.stdin), int(sys.argv[2])))))  # type: ignore[arg-type]
