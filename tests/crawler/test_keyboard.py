"""What rules on keyboard and focus say of pages in a real Chromium, with keys that are really pressed."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import async_playwright

from crawler.browser import find_browser
from crawler.chromium import FLAGS
from crawler.settings import CrawlSettings
from crawler.trials.focus import try_focus
from crawler.trials.keyboard import try_keyboard
from crawler.trials.shortcuts import try_shortcuts
from crawler.trials.stage import Stage
from crawler.trials.traps import told_keys
from tests.portals import behaviours as be
from tests.portals.server import Town

pytestmark = pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed")

BARE = "<style>.bare:focus { outline: none }</style>"
RING = (
    "<button id=uno>Guardar</button> <button id=dos>Borrar</button>"
    "<script>for (const [one, other] of [[uno, dos], [dos, uno]]) one.onblur = () => { if (!globalThis.loose) other.focus() };"
    "{also}</script><p><a href='/fin'>Fin de la página</a></p>"
)
KEY = "onkeydown = event => { if (event.ctrlKey && event.key === 'k') { globalThis.loose = true; document.links[0].focus() } };"
BOARD = (
    "<p>Pressione n para acrescentar uma linha.</p><input aria-label=nota><ul id=lista></ul>{more}<script>let ativo = true;"
    "onkeydown = event => { if (ativo && event.key === 'n' && event.target === document.body) lista.append('linha') }</script>"
)
BAR = "<div style='position: fixed; left: 0; right: 0; bottom: 0; height: 200px; background: {colour}'>Aviso de cookies</div>"
LOW = "<p style='position: absolute; top: 620px'><a href='/plano'>Plano de gobierno</a></p>"
SCROLLER = (
    "<div {way} style='height: 60px; overflow: auto'>" + "<p>Ordinance of the council.</p>" * 9 + "</div><a href='/x'>x</a>"
)
FRAME = "<iframe {way} srcdoc=\"<a href='/mapa'>Mapa del municipio</a>\"></iframe><a href='/x'>x</a>"
BOX = "<section><span id=caja style='cursor: pointer'>Pagar impuestos</span></section><p><a href='/x'>{name}</a></p>{script}"
CLICKED = "<script>caja.addEventListener('click', () => { document.title = 'pagar' })</script>"

CASES: dict[str, tuple[str, str, str]] = {
    "ring": ("keyboard_trap", "failed", RING.replace("{also}", "")),
    "ring_with_a_told_key": ("keyboard_trap", "passed", "<p>Para salir pulse Ctrl + K.</p>" + RING.replace("{also}", KEY)),
    "ring_with_a_key_untold": ("keyboard_trap", "failed", RING.replace("{also}", KEY)),
    "ring_with_a_key_that_does_nothing": ("keyboard_trap", "failed", "<p>Ctrl + K</p>" + RING.replace("{also}", "")),
    "ring_with_a_key_nobody_has": ("keyboard_trap", "cant_tell", "<p>Ctrl + Enigma</p>" + RING.replace("{also}", "")),
    "ring_left_by_arrows": (
        "keyboard_trap",
        "passed",
        RING.replace(
            "{also}", "onkeydown = event => { if (event.key === 'ArrowDown') { loose = true; document.links[0].focus() } }"
        ),
    ),
    "ring_in_a_dialog": ("keyboard_trap", "cant_tell", "<p><a href='/a'>a</a></p><div role=dialog>" + RING.replace("{also}", "")),
    "ring_that_a_button_opens": (
        "keyboard_trap",
        "cant_tell",
        RING.replace("{also}", "uno.onclick = () => { globalThis.loose = true }"),
    ),
    "field_that_must_be_filled": (
        "keyboard_trap",
        "cant_tell",
        "<p><a href='/a'>a</a></p><input id=cpf aria-label=CPF onblur='if (!cpf.value) cpf.focus()'><a href='/b'>b</a>",
    ),
    "ring_in_a_frame": (
        "keyboard_trap",
        "failed",
        '<a href="/a">a</a><iframe srcdoc="<input aria-label=x><textarea id=t aria-label=y></textarea>'
        "<script>t.onkeydown = event => { if (event.key === 'Tab') event.preventDefault() }</script>\"></iframe>"
        "<a href='/b'>b</a>",
    ),
    "no_ring": ("keyboard_trap", "passed", "<a href='/a'>a</a> <a href='/b'>b</a>"),
    "nothing_to_focus": ("keyboard_trap", "inapplicable", "<p>Texto</p>"),
    "box": ("mouse_only_control", "failed", BOX.format(name="Otra cosa", script=CLICKED)),
    "box_with_a_link_of_that_name": ("mouse_only_control", "passed", BOX.format(name="Pagar impuestos", script=CLICKED)),
    "box_that_listens_to_nothing": ("mouse_only_control", "cant_tell", BOX.format(name="Otra cosa", script="")),
    "box_in_the_tab_order": (
        "mouse_only_control",
        "passed",
        BOX.replace("id=caja", "id=caja tabindex=0 role=button").format(name="Otra cosa", script=CLICKED),
    ),
    "no_box": ("mouse_only_control", "inapplicable", "<p>Texto</p>"),
    "scroller": ("scrolled_by_mouse_only", "failed", SCROLLER.format(way="tabindex=-1")),
    "scroller_with_tabindex": ("scrolled_by_mouse_only", "passed", SCROLLER.format(way="tabindex=0")),
    "scroller_that_chromium_reaches": ("scrolled_by_mouse_only", "passed", SCROLLER.format(way="")),
    "no_scroller": ("scrolled_by_mouse_only", "inapplicable", "<p>Texto</p>"),
    "frame": ("frame_left_out_of_tab_order", "failed", FRAME.format(way="tabindex=-1")),
    "frame_in_order": ("frame_left_out_of_tab_order", "passed", FRAME.format(way="")),
    "frame_of_a_point": ("frame_left_out_of_tab_order", "inapplicable", FRAME.format(way="tabindex=-1 width=1 height=1")),
    "bare": ("focus_visible", "failed", BARE + "<p><a href='/a'>a</a> <a class=bare href='/b'>Orçamento</a></p>"),
    "bare_with_a_shade": (
        "focus_visible",
        "passed",
        BARE + "<style>.bare:focus { background: navy }</style><a class=bare href='/b'>Orçamento</a>",
    ),
    "bare_with_a_mark_elsewhere": (
        "focus_visible",
        "passed",
        BARE + "<p id=sinal>▪</p><p>y</p><div><p><a class=bare href='/b' onfocus='sinal.textContent = this.text' "
        "onblur='sinal.textContent = \"▪\"'>Orçamento</a></p></div>",
    ),
    "bare_beside_what_moves": (
        "focus_visible",
        "failed",
        BARE + "<canvas id=c width=99 height=99></canvas><p style='margin-top: 300px'><a class=bare href='/b'>Orçamento</a></p>"
        "<script>setInterval(() => { const p = c.getContext('2d'); p.fillStyle = `hsl(${performance.now() % 360} 90% 50%)`;"
        "p.fillRect(0, 0, 99, 99) }, 15)</script>",
    ),
    "skip_link_never_shown": (
        "focus_visible",
        "failed",
        "<a href='#m' style='position: absolute; left: -9999px'>Saltar al contenido</a><main id=m><a href='/b'>b</a></main>",
    ),
    "skip_link_shown": (
        "focus_visible",
        "passed",
        "<style>#s { position: absolute; left: -9999px } #s:focus { left: 0 }</style>"
        "<a id=s href='#m'>Saltar al contenido</a><main id=m><a href='/b'>b</a></main>",
    ),
    "field_with_a_caret": ("focus_visible", "passed", BARE + "<input class=bare aria-label=Nombre>"),
    "checkbox_with_a_label_of_its_own": (
        "focus_visible",
        "passed",
        "<style>#k { opacity: 0; position: absolute } #k:focus + label::before { outline: 2px solid } "
        "label::before { content: '□' }</style><p><input type=checkbox id=k><label for=k>Acepto</label></p>",
    ),
    "nothing_to_see": ("focus_visible", "inapplicable", "<p>Texto</p>"),
    "bar": ("focus_not_obscured", "failed", LOW + BAR.format(colour="white")),
    "bar_that_shows_through": ("focus_not_obscured", "passed", LOW + BAR.format(colour="rgba(0, 0, 0, .3)")),
    "no_bar": ("focus_not_obscured", "passed", LOW),
    "nothing_under_a_bar": ("focus_not_obscured", "inapplicable", BAR.format(colour="white")),
    "veiled": ("focus_in_hidden", "failed", "<div aria-hidden=true><a href='/a'>Notícias</a></div><a href='/b'>b</a>"),
    "veiled_guard": (
        "focus_in_hidden",
        "passed",
        "<a id=b href='/b'>b</a><div aria-hidden=true><a href='/a' onfocus='setTimeout(() => b.focus())'>Notícias</a></div>",
    ),
    "not_veiled": ("focus_in_hidden", "passed", "<a href='/b'>b</a>"),
    "nothing_veiled": ("focus_in_hidden", "inapplicable", "<p aria-hidden=true>Texto</p>"),
    "backwards": ("focus_order", "cant_tell", "<a href='/a' tabindex=2>a</a> <a href='/b' tabindex=1>b</a> <a href='/c'>c</a>"),
    "in_order": ("focus_order", "passed", "<a href='/a'>a</a> <a href='/b'>b</a> <a href='/c'>c</a>"),
    "only_one": ("focus_order", "inapplicable", "<a href='/a'>a</a>"),
    "opens_a_window": ("focus_changes_context", "failed", "<a href='/a'>a</a> <a href='/b' onfocus='window.open(\"/x\")'>b</a>"),
    "leads_away": ("focus_changes_context", "failed", "<a href='/a'>a</a> <input aria-label=x onfocus='location = \"/x\"'>"),
    "sends": ("focus_changes_context", "failed", "<form action='/x'><input aria-label=x name=x onfocus='form.submit()'></form>"),
    "leads_within": (
        "focus_changes_context",
        "passed",
        "<a href='/a'>a</a> <input aria-label=x onfocus='location.hash = \"x\"'>",
    ),
    "leads_away_by_itself": (
        "focus_changes_context",
        "cant_tell",
        "<a href='/a'>a</a> <a href='/b'>b</a><script>let t = 0; onkeyup = () => { if (!t++) location = '/x' }</script>",
    ),
    "leads_nowhere": ("focus_changes_context", "inapplicable", "<p>Texto</p>"),
    "shortcut": ("character_key_shortcut", "failed", BOARD.replace("{more}", "")),
    "shortcut_with_a_switch": (
        "character_key_shortcut",
        "passed",
        BOARD.replace("{more}", "<label><input type=checkbox checked onclick='ativo = checked'>Atalhos</label>"),
    ),
    "shortcut_and_other_controls": (
        "character_key_shortcut",
        "cant_tell",
        BOARD.replace("{more}", "<a href='/ajustes'>Ajustes</a>"),
    ),
    "every_key": (
        "character_key_shortcut",
        "cant_tell",
        "<p id=p>0</p><script>onkeydown = () => { p.textContent += 1 }</script>",
    ),
    "a_page_that_never_rests": (
        "character_key_shortcut",
        "cant_tell",
        "<p id=p>0</p><script>onkeyup = () => {}; setInterval(() => { p.textContent = performance.now() }, 40)</script>",
    ),
    "key_with_ctrl": (
        "character_key_shortcut",
        "passed",
        "<script>onkeydown = e => { if (e.ctrlKey) document.title = 'x' }</script>",
    ),
    "no_listener": ("character_key_shortcut", "inapplicable", "<p>Texto</p>"),
}


async def said_of(host: str) -> dict[str, dict[str, Any]]:
    """What the rules say of every page, by page and rule."""
    said: dict[str, dict[str, Any]] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_browser(CrawlSettings()) or None,
            args=[*FLAGS, "--no-sandbox"],
            ignore_default_args=["--disable-popup-blocking"],
        )
        for name in CASES:
            context = await browser.new_context(reduced_motion="reduce")
            page = await context.new_page()
            await page.route("**/x*", lambda route: route.continue_())  # requests wait for a decision, as they do in Tab
            await page.goto(f"{host}{name}")
            stage = Stage(page, await context.new_cdp_session(page), None, CrawlSettings())  # type: ignore[arg-type]
            seen = [await trial(stage) for trial in (try_keyboard, try_focus, try_shortcuts)]
            said[name] = {check.id: check for one in seen for check in one.checks}
            assert await page.evaluate("scrollY") == 0
            await context.close()
        await browser.close()
    return said


@pytest.fixture(scope="module")
def said() -> Iterator[dict[str, dict[str, Any]]]:
    with Town(None) as town:
        portal = town.open("keys").add("/x", be.answer(be.page("x", "<p>x</p>")))
        for name, (_, _, body) in CASES.items():
            portal.add(f"/{name}", be.answer(be.page(name, body)))
        yield asyncio.run(said_of(portal.url))


@pytest.mark.parametrize("name", CASES)
def test_a_page_is_told_from_what_its_keys_do(said: dict[str, dict[str, Any]], name: str) -> None:
    rule, outcome, _ = CASES[name]
    assert (rule, said[name][rule].outcome) == (rule, outcome)
    assert bool(said[name][rule].nodes) == (outcome in ("failed", "cant_tell"))


@pytest.mark.parametrize("name", [name for name, (_, outcome, _) in CASES.items() if outcome in ("passed", "inapplicable")])
def test_no_rule_accuses_a_page_that_is_good(said: dict[str, dict[str, Any]], name: str) -> None:
    axe_says_so = {"veiled_guard": {"focus_in_hidden"}}
    assert {rule for rule, result in said[name].items() if result.outcome == "failed"} <= axe_says_so.get(name, set())


def test_a_failure_names_the_element(said: dict[str, dict[str, Any]]) -> None:
    assert {node.selector for node in said["ring"]["keyboard_trap"].nodes} == {"button#uno", "button#dos"}
    assert "Orçamento" in said["bare"]["focus_visible"].nodes[0].snippet
    assert said["leads_away"]["focus_changes_context"].nodes[0].selector.endswith("input")


@pytest.mark.parametrize(
    ("text", "chords", "unknown"),
    [
        ("Press Ctrl+M to exit", ["Control+m"], False),
        ("Pulse Ctrl + Shift + F6.", ["Control+Shift+F6"], False),
        ("Use Alt-Esc, or F2", ["Alt+Escape", "F2"], False),
        ("Pressione Ctrl + Página", [], True),
        ("Covid-19 y teletrabajo-2024, sub-region A+B", [], False),
    ],
)
def test_keys_that_a_text_names_are_read(text: str, chords: list[str], unknown: bool) -> None:
    assert told_keys(text) == (chords, unknown)
