"""Those whose cost is compared on the same site; each is run alone in a process and prints what it did as JSON.

python -m bench.contenders bare|lean|audit|rejudge ADDRESS PAGES FOLDER
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.linkextractors import LinkExtractor
from selectolax.lexbor import LexborHTMLParser

AT_ONCE = 8
USUAL: dict[str, Any] = {
    "LOG_LEVEL": "ERROR",
    "ROBOTSTXT_OBEY": False,
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE,
    "TELNETCONSOLE_ENABLED": False,
}
LEAN = USUAL | {
    "ASYNCIO_EVENT_LOOP": "uvloop.Loop",
    "COOKIES_ENABLED": False,
    "REFERER_ENABLED": False,
    "RETRY_ENABLED": False,
    "HTTPPROXY_ENABLED": False,
    "EXTENSIONS_BASE": {},
    "SPIDER_MIDDLEWARES_BASE": {},
}


class Bare(scrapy.Spider):
    """What everyone writes first: follow every link that LinkExtractor finds, keep nothing."""

    name = "bare"
    address = ""

    def __init__(self) -> None:
        super().__init__()
        self.start_urls = [self.address]
        self.pages = 0
        self.links = LinkExtractor()

    def parse(self, response: Any) -> Iterator[scrapy.Request]:
        """Follow everything."""
        self.pages += 1
        for link in self.links.extract_links(response):
            yield scrapy.Request(link.url)


class Lean(scrapy.Spider):
    """The least that reads every page: one parse, known addresses dropped before a request is made, no idle middlewares."""

    name = "lean"
    address = ""

    def __init__(self) -> None:
        super().__init__()
        self.start_urls = [self.address]
        self.pages = 0
        self.seen = {self.address}
        self.host = urlsplit(self.address).netloc

    def parse(self, response: Any) -> Iterator[scrapy.Request]:
        """Read title and text, follow what is new."""
        self.pages += 1
        tree = LexborHTMLParser(response.text)
        title = tree.css_first("title")
        self.read = (title.text() if title else "", tree.body.text(separator=" ") if tree.body else "")
        for anchor in tree.css("a[href]"):
            url = urljoin(response.url, anchor.attributes.get("href") or "").split("#", 1)[0]
            if url not in self.seen and urlsplit(url).netloc == self.host and not url.endswith(".pdf"):
                self.seen.add(url)
                yield scrapy.Request(url, dont_filter=True)


def spider(kind: type[Bare] | type[Lean], settings: dict[str, Any], address: str) -> dict[str, Any]:
    """Crawl with a plain spider."""
    kind.address = address
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(kind)
    process.crawl(crawler)
    start = time.process_time()
    process.start()
    return {"start": start, "pages": getattr(crawler.spider, "pages", 0)}


def audit(address: str, pages: int, folder: Path) -> dict[str, Any]:
    """The full content audit of veedor: crawl, one parse, facts, link scoring, WARC, judging."""
    from audits.catalog import load
    from audits.facts import read
    from audits.judge import judge
    from crawler.capture import Capture, CaptureRecord, Entity, Level
    from crawler.fleet import visit
    from crawler.guide import Guide

    catalog = load()
    catalog.lexicon()
    told: dict[str, Any] = {}

    def keep(capture: Capture, warcs: tuple[str, ...]) -> None:
        began = time.process_time()
        findings = judge(capture, catalog)
        record = CaptureRecord.of(capture, warcs)
        (folder / "capture.json").write_text(record.model_dump_json(), encoding="utf-8")
        (folder / "findings.json").write_text(json.dumps([f.model_dump(mode="json") for f in findings]), encoding="utf-8")
        told["judging"] = time.process_time() - began
        told["pages"] = sum(page.facts is not None for page in capture.pages)
        told["documents"] = sum(page.document is not None for page in capture.pages)
        told["problems"] = sorted({f"{page.problem}" for page in capture.pages if page.problem})
        told["ended"] = capture.visit.reason
        told["detail"] = capture.visit.detail

    town = Entity(id="town", name="Portal", country="PE", level=Level.LOCAL, portals=(address,), languages=("es",))
    guide = Guide(read, catalog.topics, catalog.impostor)
    start = time.process_time()
    visit([town], settings_of(address, pages), guide, keep, lambda progress: None, folder)
    return told | {"start": start}


def settings_of(address: str, pages: int, **more: Any) -> Any:
    """A crawl without pauses and without bounds that a site of this size could reach."""
    from crawler.settings import CrawlSettings

    plenty = 100_000
    usual: dict[str, Any] = {
        "page_budget": pages,
        "document_budget": max(pages // 50, 1),
        "image_budget": 0,
        "delegated_budget": 0,
        "request_budget": plenty,
        "allow_private": (urlsplit(address).netloc,),
        "browser": False,
        "delay_seconds": 0,
        "contact": "https://www.veedor.example/",
        "visit_seconds": 7200,
        "visit_bytes": 10**10,
        "held_bytes": 10**10,
    }
    return CrawlSettings(**usual | more)


def rejudge(folder: Path) -> dict[str, Any]:
    """Judge what an audit captured, without any request."""
    from audits.catalog import load
    from audits.facts import read
    from audits.judge import judge
    from crawler.capture import CaptureRecord
    from crawler.replay import replay

    catalog = load()
    catalog.lexicon()
    start = time.process_time()
    record = CaptureRecord.model_validate_json((folder / "capture.json").read_bytes())
    capture = replay(record, folder, read)
    findings = json.dumps([finding.model_dump(mode="json") for finding in judge(capture, catalog)])
    return {
        "start": start,
        "pages": sum(page.facts is not None for page in capture.pages),
        "same_findings": findings == (folder / "findings.json").read_text(encoding="utf-8"),
    }


def main(name: str, address: str, pages: int, folder: Path) -> dict[str, Any]:
    """Run one of them."""
    if name == "bare":
        return spider(Bare, USUAL, address)
    if name == "lean":
        return spider(Lean, LEAN, address)
    return audit(address, pages, folder) if name == "audit" else rejudge(folder)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))))
