"""The site in a real browser: no barriers that axe can find, narrow screens, keyboard, nothing fetched elsewhere."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from crawler.trials.axe import AXE_SCRIPT

FLAGS = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"]
BROWSER = shutil.which("chromium-headless-shell") or shutil.which("chromium")

PAGES = [
    "index.html",
    "{lang}/index.html",
    "{lang}/method.html",
    "{lang}/data.html",
    "{lang}/criteria/index.html",
    "{lang}/criteria/approved_budget.html",
    "{lang}/frameworks/index.html",
    "{lang}/frameworks/br_pntp.html",
    "{lang}/frameworks/un_stages.html",
    "{lang}/pe/list-losi_2024.html",
    "{lang}/pe/list-un_stages.html",
    "{lang}/entities/br-0009/against-br_pntp.html",
    "{lang}/entities/pe-0001/against-un_stages.html",
    "{lang}/pe/index.html",
    "{lang}/pe/entities.html",
    "{lang}/pe/elac2010-45.html",
    "{lang}/pe/elac2010-37.html",
    "{lang}/entities/pe-0006/index.html",
    "{lang}/entities/br-0009/index.html",
    "{lang}/entities/br-0009/proof-accessibility.html",
]

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed: `veedor doctor` says how to get one")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as play:
        flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
        launched = play.chromium.launch(executable_path=BROWSER, args=flags)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser, site):
    """Open a page of the site from disk; `asked` collects the address of everything that it loads."""
    opened = []

    def opener(path, **settings):
        tab = browser.new_page(**settings)
        opened.append(tab)
        tab.asked = []
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.goto((site / path).as_uri())
        return tab

    yield opener
    for tab in opened:
        tab.close()


def barriers(tab):
    """What axe finds: rules and the elements that break them."""
    tab.evaluate(AXE_SCRIPT + ";0")
    found = tab.evaluate("axe.run({resultTypes: ['violations'], elementRef: false})")
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found["violations"]]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_barriers_in_light_and_dark_and_fits_a_narrow_screen(open_page, path):
    tab = open_page(path.format(lang="es"), color_scheme="light")
    assert barriers(tab) == []
    tab.emulate_media(color_scheme="dark")
    assert barriers(tab) == []
    tab.set_viewport_size({"width": 320, "height": 640})
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert all(url.startswith("file://") for url in tab.asked), tab.asked


def test_a_barrier_would_be_found(open_page):
    tab = open_page("es/index.html")
    tab.evaluate("document.querySelector('h1').style.color = '#ccc'; document.documentElement.lang = ''")
    assert {rule for rule, _ in barriers(tab)} == {"color-contrast", "html-has-lang"}


def test_the_keyboard_skips_to_the_content_and_reaches_wide_tables(open_page):
    tab = open_page("es/pe/index.html", viewport={"width": 320, "height": 640})
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    reached = []
    for _ in range(8):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate("document.activeElement.className"))
    assert "scroll" in reached


def test_the_region_of_a_wide_table_scrolls_by_itself(open_page):
    tab = open_page("en/pe/index.html", viewport={"width": 320, "height": 640})
    wide = "[...document.querySelectorAll('.scroll')].filter(box => box.scrollWidth > box.clientWidth).length"
    assert tab.evaluate(wide) > 0


def test_dark_and_light_are_different_and_verdicts_have_words_and_shapes(open_page):
    paper = "getComputedStyle(document.body).backgroundColor"
    light = open_page("es/method.html", color_scheme="light")
    dark = open_page("es/method.html", color_scheme="dark")
    assert light.evaluate(paper) != dark.evaluate(paper)
    marks = light.evaluate(
        """[...document.querySelectorAll('dt .mark')].slice(0, 5).map(mark =>
        [mark.innerText, getComputedStyle(mark, '::before').content, getComputedStyle(mark).borderStyle])"""
    )
    assert len({text for text, _, _ in marks}) == len({shape for _, shape, _ in marks}) == 5
    assert all(text.strip() for text, _, _ in marks)


def test_paper_keeps_the_tables_and_drops_the_navigation(open_page):
    tab = open_page("es/pe/index.html")
    tab.emulate_media(media="print")
    assert not tab.is_visible(".top nav")
    assert tab.is_visible("table")


def test_nothing_needs_a_script(open_page):
    tab = open_page("es/entities/pe-0001/index.html", java_script_enabled=False)
    assert tab.locator("script").count() == 0
    assert tab.locator("h1").inner_text() == "Municipalidad Distrital de Villa Ejemplo"
