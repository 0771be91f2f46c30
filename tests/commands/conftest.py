"""The command line as a person uses it: real processes, real portals on loopback, a home folder of its own for each test."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from commands import wording
from tests.portals.behaviours import page
from tests.portals.server import Town

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60
AT_WORK = ("audit", "resume", "rejudge")
"""Commands that start Scrapy or processes of their own."""
QUICK = ("--no-browser", "--allow-private", "127.0.0.1", "--contact", "https://veedor.example/")

HOME_PAGE = page(
    "Municipalidad de Prueba",
    """<h2>Contacto</h2><p>Teléfono: (01) 555-1234, correo mesa@prueba.example, Jirón Lima 123, Prueba</p>
    <ul><li><a href="/noticias.html">Noticias</a></li><li><a href="https://www.facebook.com/muniprueba">Facebook</a></li></ul>""",
)


class Veedor:
    """Runs `veedor` in a home folder; `language` is what the locale says."""

    def __init__(self, home: Path, language: str = "en") -> None:
        self.home = home
        known = {name: value for name, value in os.environ.items() if not name.startswith("VEEDOR_")}
        self.environment = {**known, "VEEDOR_HOME": str(home), "LC_ALL": f"{language}.UTF-8", "PYTHONPATH": str(ROOT)}
        self.environment.pop("VEEDOR_LANG", None)

    def __call__(self, *arguments: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run to the end, and demand this exit code and that no traceback is shown.

        Commands that only look are run in this process: starting one anew takes longer than what it does.
        """
        if arguments[0] not in AT_WORK:
            return self.look(arguments, code)
        done = subprocess.run(
            self.command(arguments), env=self.environment, cwd=self.home.parent, capture_output=True, text=True, timeout=SECONDS
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    def look(self, arguments: tuple[str | Path, ...], code: int) -> subprocess.CompletedProcess[str]:
        wording.speak(wording.choose(list(map(str, arguments)), self.environment))
        told = CliRunner(env=self.environment).invoke(app, list(map(str, arguments)))
        assert told.exit_code == code, told.output
        return subprocess.CompletedProcess(arguments, told.exit_code, told.stdout, told.stderr)

    def json(self, *arguments: str | Path) -> Any:
        """What the command answers to programs."""
        return json.loads(self(*arguments, "--json").stdout)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Begin a command and go on at once; the process leads a group of its own, so that a signal reaches its children too."""
        return subprocess.Popen(
            self.command(arguments),
            env=self.environment,
            cwd=self.home.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @staticmethod
    def command(arguments: tuple[str | Path, ...]) -> list[str]:
        return [sys.executable, "-m", "cli", *map(str, arguments)]


@pytest.fixture
def veedor(tmp_path: Path) -> Veedor:
    return Veedor(tmp_path / "home")


@pytest.fixture
def town() -> Iterator[Town]:
    """An empty town: tests open the portals that they need."""
    with Town(None) as served:
        yield served


@pytest.fixture
def started(veedor: Veedor) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start commands that are ended after the test whatever happens."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str | Path) -> subprocess.Popen[str]:
        processes.append(veedor.start(*arguments))
        return processes[-1]

    yield start
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_until(holds: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something holds, and fail where it never does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
