"""`veedor audit --webdriver`: an audit through a chromedriver of this machine, and what such a browser is not used for."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver.chrome.service import Service
from typer.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from cli import app
from commands import wording
from commands.browser import find
from crawler.webdriver import find_chromedriver, silence
from tests.commands.conftest import QUICK, Veedor
from tests.portals import behaviours as be
from tests.portals.server import Town

pytestmark = [
    pytest.mark.skipif(not find(), reason="no Chromium is installed"),
    pytest.mark.skipif(not find_chromedriver(), reason="no chromedriver is installed (Debian: apt-get install chromium-driver)"),
]

BROWSING = (*(option for option in QUICK if option != "--no-browser"), "--country", "PE", "--delay", "0")
HOME = be.page("Municipalidad de Prueba", "<main><h1>Municipalidad</h1><img src=/escudo.png><p>Teléfono (01) 555-1234</p></main>")


def test_an_audit_is_done_over_webdriver(veedor: Veedor) -> None:
    with Town(None) as town:
        portal = town.open("muni").add("/", be.answer(HOME))
        veedor("audit", portal.url, *BROWSING, "--documents", "0", "--pages", "1", "--webdriver", "local")
    (capture,) = veedor.home.glob("runs/*/captures/*.json")
    told = json.loads(capture.read_text())
    assert told["axe_version"] == "4.14.0"
    assert int(told["browser_version"].split(".")[0]) > 100
    (home,) = [page for page in told["pages"] if page["axe"]]
    assert "image-alt" in {rule[0] if isinstance(rule, list) else rule["id"] for rule in home["axe"]}
    assert not (home["seen"] or {}).get("keyboard")


@pytest.fixture
def complaint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs an audit in this process, in an empty home, and gives the one line that it complains in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VEEDOR_HOME", str(tmp_path / "home"))
    wording.speak(wording.Language.EN)

    def run(*arguments: str | Path) -> str:
        result = CliRunner().invoke(app, ["audit", *map(str, arguments), "--country", "PE"])
        assert result.exit_code == 2, result.output
        (line,) = result.stderr.splitlines()
        return line

    return run


@pytest.mark.parametrize(
    ("webdriver", "closed", "says"),
    [
        ("ftp://grid/", True, "is neither local nor an http(s) URL"),
        ("https://me:secret@grid.example/", True, "is neither local nor an http(s) URL"),
        ("http://127.0.0.1:9", True, "promises to ask nobody else"),
        ("http://127.0.0.1:9", False, "does not answer"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(
    complaint: Callable[..., str], tmp_path: Path, webdriver: str, closed: bool, says: str
) -> None:
    settings = tmp_path / "as_said.toml"
    settings.write_text(f"closed = {str(closed).lower()}\n")
    assert says in complaint("http://127.0.0.1:9/", "--settings", settings, "--webdriver", webdriver)


def test_an_archive_cannot_be_read_through_it(complaint: Callable[..., str], tmp_path: Path) -> None:
    with (tmp_path / "a.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record("http://a.pe/", "response", io.BytesIO(HOME), http_headers=headers))
    assert "cannot read an archive" in complaint("--from", tmp_path / "a.warc.gz", "--webdriver", "local")


def test_a_webdriver_with_another_path_is_asked_there() -> None:
    service = Service(executable_path=find_chromedriver())
    service.start()
    assert silence(service.service_url) == ""
    assert silence(service.service_url + "/wd/hub") == "HTTP 404"
    service.stop()
    assert silence(service.service_url)
