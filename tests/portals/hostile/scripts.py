"""Pages that turn on the browser: shells, which are rendered, and home pages, which are examined."""

from tests.portals import behaviours as be
from tests.portals.server import Portal

from .case import TEXT, Case, Serve, Trap, home, links

FILL = "document.body.innerHTML = '<main><h1>Villa Hostil</h1><p>' + 'Unas palabras de la villa. '.repeat(20) + '</p></main>';"


def behind(script: str) -> Serve:
    """A good home page that leads to a shell with this script, and to a good page."""

    def serve(portal: Portal, trap: Trap) -> None:
        named = script.replace("{trap}", trap.host).replace("{port}", trap.port)
        shell = (
            f'<!doctype html><html lang="es"><title>App</title><body><div id="root"></div><script>{named}</script></body></html>'
        )
        portal.add("/", be.answer(home(links("/app", "/fine")))).add("/app", be.answer(shell))
        portal.add("/fine", be.answer(home(title="fine"))).add("/file.zip", be.answer(b"PK" * 9999, media_type="application/zip"))
        portal.add("/hop", be.redirect(f"http://{trap.host}/hop"))

    return serve


def scripted(name: str, script: str, *, read: bool = True) -> Case:
    """`read`: whether all that the script would show can be read. Where it is stopped, or asks in vain, the visit knows it."""
    return Case(name, behind(script), problems={"/fine": None}, thorough=read, browser=True)


def at_home(name: str, script: str) -> Case:
    """A home page that can be read without its script, and is examined with it."""

    def serve(portal: Portal, trap: Trap) -> None:
        portal.add("/", be.answer(home(TEXT * 3 + links("/fine") + f"<script>{script}</script>"))).add(
            "/fine", be.answer(home(title="fine"))
        )

    return Case(name, serve, problems={"/fine": None}, browser=True)


ASKING = (
    """
for (const to of ['{trap}', 'localhost:{port}', '[::ffff:127.0.0.1]:{port}']) {
  fetch(`http://${to}/fetch`, {mode: 'no-cors'}).catch(() => 0); new Image().src = `http://${to}/image`;
  navigator.sendBeacon(`http://${to}/beacon`, 'x'); try { new WebSocket(`ws://${to}/socket`) } catch (e) {}
  new EventSource(`http://${to}/events`);
}
fetch('/hop', {mode: 'no-cors'}).catch(() => 0); new Image().src = '/hop';
document.cookie = 'a=b'; """
    + FILL
)

CASES = (
    scripted("alerts", "alert(1); confirm('?'); prompt('x');" + FILL + "for (let i = 0; i < 50; i++) alert(i);", read=False),
    scripted("asks_before_leaving", FILL + "onbeforeunload = e => { e.preventDefault(); return 'stay' };"),
    scripted("loops_for_ever", "while (navigator.webdriver !== 7) {}", read=False),
    scripted("opens_windows", FILL + "for (let i = 0; i < 40; i++) open('/fine?' + i);"),
    scripted(
        "downloads_by_itself",
        FILL + "const a = document.createElement('a'); a.href = '/file.zip'; a.download = 'x.zip'; a.click();",
    ),
    scripted("fills_memory", "const all = []; for (;;) all.push(new Array(1e6).fill(Math.random()));", read=False),
    scripted(
        "grows_for_ever",
        FILL + "setInterval(() => document.body.append(...Array.from({length: 50}, () => document.createElement('p'))), 20);",
    ),
    scripted(
        "prints_and_asks", FILL + "print(); Notification.requestPermission(); navigator.geolocation.getCurrentPosition(() => 0);"
    ),
    scripted("runs_in_circles", "location.href = '/app?' + Math.random();", read=False),
    scripted("writes_for_ever", "const w = () => { document.write('<p>mas</p>'); setTimeout(w, 0) }; w();"),
    scripted("workers", FILL + "for (let i = 0; i < 3; i++) new Worker(URL.createObjectURL(new Blob(['for(;;){}'])));"),
    scripted("leads_to_private_places", ASKING, read=False),
    at_home("home_that_loops", "while (navigator.webdriver !== 7) {}"),
    at_home("home_that_alerts", "for (;;) alert('x')"),
)
