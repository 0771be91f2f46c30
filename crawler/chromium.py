"""One running Chromium: started, watched for the memory it takes, asked whether it still answers, ended for sure."""

import asyncio
import os
import shutil
from contextlib import suppress
from pathlib import Path

import psutil
from playwright.async_api import Browser, Playwright, async_playwright

from .settings import MEGABYTE, CrawlSettings
from .windows import Windows

INSTALLED = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
OFF = (
    "IsolateOrigins",
    "site-per-process",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "MediaRouter",
    "OptimizationHints",
)
FLAGS = (
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--block-new-web-contents",
    "--enable-blink-features=ComputedAccessibilityInfo",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-site-isolation-trials",
    f"--disable-features={','.join(OFF)}",
)
"""The last two keep frames of other sites in their page's process, where its requests are watched."""
UNWANTED = ("--disable-popup-blocking", "--disable-ipc-flooding-protection")
"""What Playwright would switch off, and what protects from pages that open windows and lead on without end."""

PAGES_MOST = 100
START_SECONDS, CLOSE_SECONDS, ANSWER_SECONDS, WATCH_SECONDS = 30.0, 5.0, 5.0, 0.5
CHILDREN_TOLD = Path(f"/proc/self/task/{os.getpid()}/children").exists()
ITSELF = 384 * MEGABYTE
"""Resident memory of a process of Chromium beside what its page's scripts hold: programs, documents, pictures."""


def find_browser(settings: CrawlSettings) -> str:
    """The Chromium to start: the one asked for, else an installed one, else "" for Playwright's own."""
    return settings.browser_path or next(filter(None, map(shutil.which, INSTALLED)), "")


class Chromium:
    """One Chromium and the process of Playwright that leads it. `active` pages are open, `served` were opened in all."""

    def __init__(self, playwright: Playwright, browser: Browser, root: psutil.Process, settings: CrawlSettings) -> None:
        self.browser = browser
        self.windows = Windows(browser, settings, self.give_up)
        self.active = 0
        self.served = 0
        self.ended = asyncio.Event()
        self._playwright = playwright
        self._root = root
        self._limit = settings.browser_megabytes * MEGABYTE + ITSELF
        self._broken = False
        browser.on("disconnected", lambda _: self.ended.set())
        self._watchman = asyncio.ensure_future(self._watch())

    @classmethod
    async def start(cls, settings: CrawlSettings, proxy: str) -> "Chromium":
        """Start one whose only way out is `proxy`. Raises Error, OSError or TimeoutError where that fails."""
        memory = f"--js-flags=--max-old-space-size={settings.browser_megabytes}"
        playwright = await async_playwright().start()
        try:
            browser = await playwright.chromium.launch(
                executable_path=find_browser(settings) or None,
                args=[*FLAGS, memory, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
                ignore_default_args=list(UNWANTED),
                proxy={"server": proxy},
                timeout=START_SECONDS * 1000,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
            session = await browser.new_browser_cdp_session()
            processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
            root = next(process["id"] for process in processes if process["type"] == "browser")
            return cls(playwright, browser, psutil.Process(root), settings)
        except BaseException:
            await playwright.stop()
            raise

    @property
    def fit(self) -> bool:
        """Whether it may get another page: it lives, nothing is wrong with it, and it has not served enough of them."""
        return not self._broken and not self.ended.is_set() and self.served < PAGES_MOST

    def give_up(self) -> None:
        """Something in it got stuck: no more pages."""
        self._broken = True

    async def answers(self) -> bool:
        """Whether it still reacts at all."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                session = await self.browser.new_browser_cdp_session()
                await session.detach()
        except Exception:  # Playwright's own process may be gone, too
            return False
        return True

    async def end(self) -> None:
        """End it, by force where it does not end by itself. May be called more than once."""
        if not self._watchman.cancel():
            return
        self._broken = True
        processes = self._processes()
        if not self.ended.is_set():
            with suppress(Exception):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self.browser.close()
        self.kill(processes)
        with suppress(Exception):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._playwright.stop()

    def kill(self, processes: list[psutil.Process] | None = None) -> None:
        """End its processes at once; pages that are open in it are lost."""
        self._broken = True
        self.ended.set()
        for process in self._processes() if processes is None else processes:
            with suppress(psutil.Error):
                process.kill()

    def _processes(self) -> list[psutil.Process]:
        with suppress(psutil.Error):
            return [self._root, *_below(self._root)]
        return []

    async def _watch(self) -> None:
        """End each process that takes more memory than it may: a page's own takes that page along, the first one all of them."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            for process in self._processes() if self.active else ():
                with suppress(psutil.Error):
                    if process.memory_info().rss > self._limit:
                        process.kill()


def _below(root: psutil.Process) -> list[psutil.Process]:
    """All that a process started, and what those started. Linux tells it without a look at every process of the machine."""
    if not CHILDREN_TOLD:
        return root.children(recursive=True)
    found: list[psutil.Process] = []
    waiting = [root.pid]
    while waiting:
        for listing in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            with suppress(OSError, psutil.Error):
                begun = [psutil.Process(int(pid)) for pid in listing.read_text("ascii").split()]
                found += begun
                waiting += [process.pid for process in begun]
    return found
