"""How a crawl behaves: budgets, manners, limits."""

import re
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Literal

from pydantic import Field, field_validator

from .capture import Record

CONTACT = re.compile(r"^(https?://\S+\.\S+|[^@\s]+@[^@\s]+\.[^@\s]+)?$")
HOURS = re.compile(r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$")
LOCAL_DRIVER = "local"
WEBDRIVER = re.compile(rf"^({LOCAL_DRIVER}|https?://[^\s/@]+(/[^\s@]*)?)?$")
MEGABYTE = 1024 * 1024
DELAY_WITH_CONTACT, DELAY_ANONYMOUS = 1.0, 2.0


class CrawlSettings(Record):
    """Everything a person may choose about a crawl. All times are in seconds, all sizes in bytes.

    page_budget: HTML pages fetched of one entity; failures count too, but not links that lead to nothing or are closed to robots.
    document_budget: PDFs, sheets and the like fetched of one entity.
    image_budget: images fetched of one entity; only those are asked for that a link says to show something looked for.
    delegated_budget: fetches from hosts that are not the entity's own, where `follow_delegated` is on.
    request_budget: links of one entity that are tried at all; past it, links that lead to nothing count like pages and documents.
    follow_delegated: go to another host for a link that may prove something.
    delegated_steps: how many links deep to go there, counted from the entity's own pages.
    strategy: best_first, or breadth_first (for comparison: links in the order in which they were found).
    sitemap_budget: sitemap and feed files read of one entity; they count as requests, not as pages.
    render_budget: pages of one entity that are filled by scripts and rendered in Chromium.
    shared_hosts: hosts ("www.gob.example") on which several bodies live, each in its folder; those that portals of one crawl
        share need not be named.
    portals_at_once: entities visited at the same time.
    per_host_concurrency: requests in flight to one address, over all entities it serves (one entity never has more than one).
    delay_seconds: pause between two requests to one address. None means 1 with a contact, 2 without, 0 for an archive.
    timeout_seconds: how long one response may take, from connecting to its last byte.
    visit_seconds: how long the visit of one entity may take before what was seen is handed over.
    visit_bytes: how much may be received of one entity before the same.
    held_bytes: how much of the facts of one entity's pages and documents may be kept in memory before the same.
    reader_seconds: how long reading one page or document may take; what takes longer is given up.
    reader_bytes: how much memory the process that reads pages and documents may use.
    browser_megabytes: memory that the scripts of one page may use.
    hours: when visits may be made ("21:00-06:00"), in the local time of each entity's country; empty means at any time.
        A visit begins only where its `visit_seconds` fit, so nothing is asked outside.
    max_page_bytes: how much of an HTML page is read; the rest is cut and the page marked as truncated.
    max_document_bytes: responses larger than this are given up as too large.
    contact: URL or e-mail address where a webmaster reaches whoever runs the crawl; part of the user agent.
    archives: paths of WARC files; where given they stand in for the network and no request leaves the machine.
    allow_private: hosts ("127.0.0.1:8000", or "127.0.0.1" for every port) that may be visited though their address is not public.
    closed: ask no host but those of the entities' portals and of `allow_private`, whatever pages refer to. None means: where
        every portal is on a host of `allow_private`. An archive is always closed to all hosts.
    axe_pages: pages of one entity that are examined for accessibility in the browser at most: home, common pages, steps of
        processes, one page of each template, and a tenth at random.
    try_seconds: how long trying out one examined page may take, in other windows and with real keys; 0 means not at all.
    tab_presses: how often the Tab key is pressed on one examined page; 0 means not at all.
    browser: whether Chromium may be used at all.
    browser_path: the Chromium to start; empty means the one installed, else Playwright's own.
    webdriver: what leads the browser instead of Playwright: local for the chromedriver of this machine, or the address of a
        WebDriver or Selenium Grid ("http://grid.example:4444"), which is kept with the run. Pages are then rendered and examined,
        but not tried out by hand; what they load is not written down, and robots.txt is not asked for it. A browser elsewhere
        fetches all that by itself: private addresses of its own network cannot be kept from it, nor can it be paced from here.
    """

    page_budget: int = Field(default=60, ge=1, le=100_000)
    document_budget: int = Field(default=30, ge=0, le=100_000)
    image_budget: int = Field(default=6, ge=0)
    delegated_budget: int = Field(default=6, ge=0)
    request_budget: int = Field(default=300, ge=1)
    follow_delegated: bool = True
    delegated_steps: int = Field(default=2, ge=1, le=3)
    strategy: Literal["best_first", "breadth_first"] = "best_first"
    sitemap_budget: int = Field(default=4, ge=0, le=100)
    render_budget: int = Field(default=20, ge=0, le=1000)
    shared_hosts: tuple[str, ...] = ()
    portals_at_once: int = Field(default=4, ge=1, le=256)
    per_host_concurrency: int = Field(default=1, ge=1, le=2)
    delay_seconds: Annotated[float, Field(ge=0, le=120)] | None = None
    timeout_seconds: float = Field(default=20.0, gt=0, le=600)
    visit_seconds: float = Field(default=900.0, gt=0)
    visit_bytes: int = Field(default=500 * MEGABYTE, ge=MEGABYTE)
    held_bytes: int = Field(default=100 * MEGABYTE, ge=MEGABYTE)
    reader_seconds: float = Field(default=20.0, gt=0)
    reader_bytes: int = Field(default=2048 * MEGABYTE, ge=512 * MEGABYTE)
    browser_megabytes: int = Field(default=512, ge=64)
    hours: str = ""
    max_page_bytes: int = Field(default=4 * MEGABYTE, ge=1024)
    max_document_bytes: int = Field(default=20 * MEGABYTE, ge=1024)
    contact: str = ""
    archives: tuple[str, ...] = ()
    allow_private: tuple[str, ...] = ()
    closed: bool | None = None
    axe_pages: int = Field(default=15, ge=0, le=100)
    try_seconds: float = Field(default=20.0, ge=0, le=120)
    tab_presses: int = Field(default=60, ge=0, le=1000)
    browser: bool = True
    browser_path: str = ""
    webdriver: str = ""

    @field_validator("contact")
    @classmethod
    def _contact_can_be_used(cls, value: str) -> str:
        if not CONTACT.match(value):
            raise ValueError(f'"{value}" is neither an http(s) URL nor an e-mail address')
        return value

    @field_validator("webdriver")
    @classmethod
    def _webdriver_can_be_asked(cls, value: str) -> str:
        if not WEBDRIVER.match(value):
            raise ValueError(f'"{value}" is neither {LOCAL_DRIVER} nor an http(s) URL without a password')
        return value

    @field_validator("hours")
    @classmethod
    def _hours_can_be_read(cls, value: str) -> str:
        if not HOURS.match(value):
            raise ValueError(f'"{value}" is no span of hours such as 21:00-06:00')
        return value

    @property
    def pause(self) -> float:
        """Seconds between two requests to one address, before a host asks for more."""
        if self.archives:
            return 0.0
        if self.delay_seconds is not None:
            return self.delay_seconds
        return DELAY_WITH_CONTACT if self.contact else DELAY_ANONYMOUS

    @property
    def user_agent(self) -> str:
        """The one name by which every request, the browser's too, makes itself known."""
        return f"{PRODUCT} (+{self.contact})" if self.contact else PRODUCT


def _program_version() -> str:
    try:
        return version("veedor")
    except PackageNotFoundError:
        return "0"


ROBOTS_TOKEN = "veedor"
"""The name by which robots.txt may address us."""

PRODUCT = f"{ROBOTS_TOKEN}/{_program_version()}"
