"""One browser led over WebDriver, page after page: opened, settled, read, examined by axe-core. All of it blocks."""

import base64
import time
from contextlib import suppress
from typing import Any

import psutil
from axe_selenium_python import Axe
from selenium.common.exceptions import JavascriptException, TimeoutException, WebDriverException
from selenium.webdriver import Remote
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.common.proxy import Proxy, ProxyType
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.webelement import WebElement
from urllib3.exceptions import HTTPError

from . import urls
from .capture import RuleResult
from .chromium import FLAGS, UNWANTED
from .settings import CrawlSettings
from .tab import AXE_SECONDS, BREATH_SECONDS, BUSY_SECONDS, LOADED, LOADED_SECONDS, PICTURE, SETTLE_SECONDS, SOURCE, STILL
from .trials.axe import AXE_BUNDLE, EXAMINE, EXAMINED, axe_results
from .webdriver_log import RequestLog

BROKEN = (WebDriverException, HTTPError, OSError)
"""What WebDriver, and the way to it, raise."""
WIDE, HIGH = 1280, 720
"""The window in CSS px, as Playwright has it."""
SAME = (
    "--headless",
    f"--window-size={WIDE},{HIGH}",
    "--hide-scrollbars",
    "--mute-audio",
    "--force-prefers-reduced-motion",
    "--force-device-scale-factor=1",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)
"""What Playwright would see to, so that pages look the same."""
CAPABILITIES = {"acceptInsecureCerts": True, "goog:loggingPrefs": {"performance": "ALL"}}
DIRECT = Proxy({"proxyType": ProxyType.DIRECT})
FRAMES_DEEP, FRAMES_MOST = 5, 60
ANSWER_SECONDS = 30.0
PAGES_MOST = 50

FRAMES = """const found = [];
const search = root => {
  for (const one of root.querySelectorAll('*'))
    if (one.matches('iframe, frame')) found.push(one); else if (one.shadowRoot) search(one.shadowRoot);
};
search(document);
return found.slice(0, arguments[0]);"""
UNMARK = "arguments[0].removeAttribute('cd_frame_id_')"
"""chromedriver leaves a mark on each frame that it goes into."""
AWAIT = "const [...given] = arguments, done = given.pop(); (%s).then(done, error => done({error: String(error)}));"
"""A promise that may use `given`, for execute_async_script."""


class PageError(Exception):
    """A page that cannot be had, though the browser is well."""


class Session:
    """A browser of its own. Every method may raise one of BROKEN: then it is best ended.

    `root` is its first process where it runs on this machine.
    """

    def __init__(self, driver: Remote, settings: CrawlSettings, root: psutil.Process | None) -> None:
        self.version = str(driver.capabilities.get("browserVersion", ""))
        self.log = RequestLog()
        self._driver = driver
        self._settings = settings
        self._root = root
        self._pages = 0

    @classmethod
    def open(cls, address: str, settings: CrawlSettings, own: tuple[str, ...], program: str, *, here: bool) -> "Session":
        """Have the WebDriver at `address` start a browser: `program`, "" for the one it finds, with arguments of its `own`."""
        options = Options()
        options.binary_location = program
        for argument in (*FLAGS, *SAME, f"--user-agent={settings.user_agent}", *own):
            options.add_argument(argument)
        options.add_experimental_option("excludeSwitches", [name.removeprefix("--") for name in UNWANTED])
        options.add_experimental_option("prefs", {"download_restrictions": 3})
        options.page_load_strategy = "none"
        options.unhandled_prompt_behavior = "dismiss"
        for name, value in CAPABILITIES.items():
            options.set_capability(name, value)
        patience = int(settings.timeout_seconds + AXE_SECONDS + ANSWER_SECONDS)
        client = ClientConfig(remote_server_addr=address, timeout=patience, proxy=DIRECT if here else None)
        driver = Remote(command_executor=address, options=options, client_config=client)
        session = cls(driver, settings, _process(driver.capabilities.get("goog:processID")) if here else None)
        try:
            driver.set_page_load_timeout(settings.timeout_seconds)
            driver.set_script_timeout(AXE_SECONDS)
            session._fit_window()
        except BaseException:
            session.end()
            raise
        return session

    @property
    def fit(self) -> bool:
        """Whether it has not shown enough pages yet."""
        return self._pages < PAGES_MOST

    @property
    def url(self) -> str:
        """Where the page is now."""
        return self._driver.current_url

    def show(self, url: str) -> None:
        """Go there and wait until the page stands still. Raises PageError where nothing comes, or an error."""
        self._pages += 1
        self._read_log()
        self.log = RequestLog()
        try:
            self._driver.get(url)
        except TimeoutException:
            raise PageError("no answer") from None
        except WebDriverException as error:
            if "net::" not in str(error.msg):
                raise
            raise PageError(str(error.msg)) from error
        self._settle()
        if self.log.status >= 400:
            raise PageError(f"HTTP {self.log.status}")
        if not self._driver.current_url.startswith("http"):
            raise PageError((*self.log.failed, "nothing was shown")[0])

    def source(self) -> tuple[str, bool]:
        """The document as scripts have left it, and whether only its first part is given."""
        html, cut = self._driver.execute_script(f"return ({SOURCE.strip()})(arguments[0])", self._settings.max_page_bytes)
        return str(html).encode("utf-8", "replace").decode(), bool(cut)

    def picture(self) -> bytes:
        """What a person sees first, as JPEG; b"" where the browser cannot draw it."""
        try:
            return base64.b64decode(self._tell("Page.captureScreenshot", PICTURE)["data"])
        except (WebDriverException, KeyError, TypeError):
            return b""

    def examine(self) -> tuple[RuleResult, ...]:
        """What axe-core says of the page and of its own frames."""
        own = urls.authority(self.url)
        axe = Axe(self._driver, script_url=str(AXE_BUNDLE))
        axe.inject()
        self._inject_frames(axe, own, 0)
        self._driver.switch_to.default_content()
        answer = self._driver.execute_async_script(AWAIT % f"({EXAMINE})(given[0])", EXAMINED)
        if not isinstance(answer, str):
            raise PageError(str(answer.get("error") if isinstance(answer, dict) else answer)[:300])
        return axe_results(answer)

    def forget(self) -> None:
        """Leave the page, and all that it left behind, so that the next one finds a browser as good as new."""
        origins = self.log.origins
        self._driver.get("about:blank")
        for window in self._driver.window_handles[1:]:
            self._driver.switch_to.window(window)
            self._driver.close()
        self._driver.switch_to.window(self._driver.window_handles[0])
        for origin in origins:
            self._tell("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        self._tell("Network.clearBrowserCookies", {})
        self._tell("Network.clearBrowserCache", {})

    def end(self) -> None:
        """End the browser, by force where it runs here. May be called more than once, and while it is at work."""
        family = self._family()
        with suppress(*BROKEN):
            self._driver.quit()
        for process in family:
            with suppress(psutil.Error):
                process.kill()

    def kill(self) -> None:
        """End its processes at once where it runs here, so that no call waits for it any longer."""
        for process in self._family():
            with suppress(psutil.Error):
                process.kill()

    def _family(self) -> list[psutil.Process]:
        with suppress(psutil.Error):
            return [self._root, *self._root.children(recursive=True)] if self._root else []
        return []

    def _settle(self) -> None:
        """As `Tab.settle`: wait for what the document names, then for quiet, as long as something that may fill it arrives."""
        end = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < end:
            try:
                self._wait(LOADED, LOADED_SECONDS)
                self._read_log()
                before = self.log.arrivals
                self._wait(STILL, BUSY_SECONDS)
                self._read_log()
                if not self.log.waits and self.log.arrivals == before:
                    return
            except TimeoutException:
                raise PageError("its scripts run without end") from None
            except WebDriverException as error:
                if not _led_on(error):
                    raise
                time.sleep(BREATH_SECONDS)

    def _wait(self, promise: str, seconds: float) -> None:
        self._driver.set_script_timeout(seconds + BUSY_SECONDS)
        try:
            self._driver.execute_async_script(AWAIT % promise)
        finally:
            self._driver.set_script_timeout(AXE_SECONDS)

    def _read_log(self) -> None:
        self.log.read(self._driver.execute("getLog", {"type": "performance"})["value"])

    def _inject_frames(self, axe: Axe, own: str, deep: int) -> None:
        """Put axe-core into the frames of the present document that are the page's own, and into theirs."""
        if deep == FRAMES_DEEP:
            return
        for frame in self._frames():
            self._driver.switch_to.frame(frame)
            place = str(self._driver.execute_script("return location.href"))
            if place.startswith("http") and urls.authority(place) == own:
                axe.inject()
                self._inject_frames(axe, own, deep + 1)
            self._driver.switch_to.parent_frame()
            self._driver.execute_script(UNMARK, frame)

    def _frames(self) -> list[WebElement]:
        return list(self._driver.execute_script(FRAMES, FRAMES_MOST))

    def _fit_window(self) -> None:
        """Give the page the window that it has with Playwright, whatever the browser draws around it."""
        wide, high = self._driver.execute_script("return [innerWidth, innerHeight]")
        if (wide, high) != (WIDE, HIGH):
            size = self._driver.get_window_size()
            self._driver.set_window_size(size["width"] + WIDE - wide, size["height"] + HIGH - high)

    def _tell(self, command: str, given: dict[str, Any]) -> dict[str, Any]:
        """A command of the DevTools protocol."""
        return dict(self._driver.execute("executeCdpCommand", {"cmd": command, "params": given})["value"] or {})


def _process(number: Any) -> psutil.Process | None:
    """The process of this number; None where there is none (any more)."""
    try:
        return psutil.Process(int(number))
    except (psutil.Error, TypeError, ValueError):
        return None


def _led_on(error: WebDriverException) -> bool:
    """Whether a script of ours was cut off because the page led on to another one."""
    return isinstance(error, JavascriptException) or "document unloaded" in str(error.msg) or "navigation" in str(error.msg)
