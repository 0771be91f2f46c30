"""A Chromium for this machine. `python -m commands.browser` makes sure that there is one: found, else installed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from commands import wording
from commands.display import notice
from commands.errors import UserError
from commands.wording import say
from crawler.browser import find_browser
from crawler.capture import Entity
from crawler.guard import Guard
from crawler.settings import LOCAL_DRIVER, CrawlSettings

VARIABLE = "VEEDOR_CHROMIUM"
DEBIAN_PACKAGES = (("chromium-headless-shell", "chromium-driver"), ("chromium",))
"""What is tried in this order; the driver is for `--webdriver local`, and comes with a whole Chromium."""
FONTS = "fonts-liberation"
"""Without any font a page renders as empty boxes, and axe-core judges what nobody would see."""
SECONDS = 600


class Chromium(NamedTuple):
    """A Chromium that starts: its path and what it says of its version."""

    path: str
    version: str


def find(wanted: str = "") -> Chromium | None:
    """The Chromium that an audit would start: the one wanted, else one installed, else Playwright's own; None if none starts."""
    path = find_browser(CrawlSettings(browser_path=wanted or os.environ.get(VARIABLE, ""))) or playwrights_own()
    version = version_of(path) if path else ""
    return Chromium(path, version) if version else None


def demand_browser(settings: CrawlSettings, entities: Iterable[Entity]) -> None:
    """Raise UserError where the settings want a browser and none starts, or one that cannot keep what they promise."""
    if settings.browser and settings.webdriver:
        _demand_webdriver(settings, [portal for entity in entities for portal in entity.portals])
    if settings.browser and settings.webdriver in ("", LOCAL_DRIVER) and not find(settings.browser_path):
        raise UserError("no_chromium")


def _demand_webdriver(settings: CrawlSettings, portals: list[str]) -> None:
    from crawler.webdriver import find_chromedriver, silence

    if settings.archives:
        raise UserError("webdriver_archive")
    if settings.webdriver == LOCAL_DRIVER:
        if not find_chromedriver():
            raise UserError("no_chromedriver")
    elif Guard.of(settings.allow_private, portals, settings.closed).closed:
        raise UserError("webdriver_closed", url=settings.webdriver)
    elif why := silence(settings.webdriver):
        raise UserError("webdriver_silent", url=settings.webdriver, why=why)


def playwrights_own() -> str:
    """Where Playwright keeps the Chromium that `playwright install` fetched, or ""."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else ""


def version_of(path: str) -> str:
    """What `--version` answers; "" where the program does not even start (libraries may lack)."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def attempts() -> Iterator[list[list[str]]]:
    """Ways to install one, in the order in which they are tried; each is one or more commands."""
    yield [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for packages in DEBIAN_PACKAGES:
            yield [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, FONTS]]


def ensure() -> Chromium | None:
    """A Chromium that starts, installed if need be; None where every way failed."""
    found = find()
    for commands in attempts():
        if found:
            break
        notice(say("browser.installing", command=" && ".join(" ".join(command) for command in commands)))
        if all(map(succeeds, commands)):
            found = find()
    return found


def succeeds(command: list[str]) -> bool:
    """Run one command of an installation, quietly: what it says is of no use to whoever waits for Chromium."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def main() -> int:
    """Say which Chromium there is, or the one sentence why there is none."""
    wording.speak(wording.choose(sys.argv[1:], os.environ))
    found = ensure()
    notice(say("browser.found", path=f"{found.path} ({found.version})") if found else say("browser.failed"))
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
