"""The page on extending is true: its commands run, its files are written, and pages are judged by what comes of it."""

import contextlib
import dataclasses
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audits.catalog import RULES, Catalog, load
from audits.judge import judge
from audits.model import Finding, Status, Verdict
from cli import app
from commands import wording
from commands.rules_check import BLANK, faults
from commands.wording import Language
from crawler.capture import Level
from results.scores import counted, score_framework
from tests.audits.portal import capture_of, capture_of_fixture, entity

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```(console|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(command: str, folder: Path) -> tuple[int, str]:
    """One command line in a folder: its exit code, and what it printed. `veedor` runs in this process, which is faster."""
    words = shlex.split(command)
    if words[0] != "veedor":
        done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr
    wording.speak(Language.EN)
    with contextlib.chdir(folder):
        told = CliRunner().invoke(app, words[1:])
    return told.exit_code, told.output


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rules after everything on the page was done."""
    folder = tmp_path_factory.mktemp("extending")
    shutil.copytree(RULES, folder / "rules", ignore=shutil.ignore_patterns("__pycache__"))
    for kind, text in BLOCK.findall((ROOT / "docs/extending.md").read_text(encoding="utf-8")):
        if kind == "toml":
            name, _, content = text.removeprefix("# ").partition("\n")
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            continue
        for line in text.splitlines():
            code, told = run(line.removeprefix("$ "), folder)
            assert code == 0, f"{line}\n{told}"
    return folder / "rules"


@pytest.fixture(scope="module")
def catalog(extended: Path) -> Catalog:
    return load(extended)


def finding(catalog: Catalog, html: str, language: str = "es", **more: object) -> Finding:
    """What the new criterion says of a portal of one page."""
    capture = dataclasses.replace(capture_of({"": html}, language), entity=entity(language, **more))
    return next(found for found in judge(capture, catalog) if (found.criterion, found.aspect) == ("emergency_plan", "published"))


TABLE = (
    "<table>"
    + "".join(f"<tr><td>Albergue refugio {n}</td><td>A-0{n}</td><td>12/03/2024</td></tr>" for n in range(5))
    + "</table>"
)


def page(body: str, language: str = "es") -> str:
    return f'<html lang="{language}"><head><title>Villa Ejemplo</title></head><body><main>{body}</main></body></html>'


def test_a_page_is_judged_by_the_new_criterion(catalog: Catalog) -> None:
    assert catalog.criteria["emergency_plan"].status is Status.DRAFT
    passed = finding(catalog, page(f"<h2>Plan de contingencia</h2>{TABLE}"))
    assert passed.verdict is Verdict.PASSED
    assert finding(catalog, page("<h2>Noticias</h2><p>El alcalde habló del plan de emergencia.</p>")).verdict is Verdict.FAILED


def test_the_fixtures_of_the_skeleton_get_the_verdicts_of_their_names(catalog: Catalog, extended: Path) -> None:
    fixtures = sorted((extended / "criteria/emergency_plan/fixtures").iterdir())
    assert len(fixtures) == 6
    for path in fixtures:
        found = next(f for f in judge(capture_of_fixture(path), catalog) if f.criterion == "emergency_plan")
        assert path.name.startswith(found.verdict.value), f"{path.name}: {found.verdict} {found.reason}"


def test_a_portal_of_the_new_country_is_read_in_the_new_language(catalog: Catalog) -> None:
    html = page(f"<h2>Plan di calamidad</h2>{TABLE}", "pap")
    assert finding(catalog, html, country="AW", languages=("pap",)).verdict is Verdict.PASSED
    assert finding(catalog, html, country="PE", languages=("es",)).verdict is not Verdict.PASSED
    norm = catalog.countries["AW"].norm_of("emergency_plan")
    assert norm is not None
    assert norm.days == 365


def test_the_new_provider_is_recognised_by_its_host(catalog: Catalog) -> None:
    (provider,) = (provider for provider in catalog.providers if provider.id == "pay_example")
    assert provider.owns("https://tax.pay.example.org/aruba")
    assert "pay_example" in catalog.countries["AW"].platforms["payment"]


def test_the_new_framework_counts_the_criterion_once_it_is_no_draft(catalog: Catalog) -> None:
    framework = catalog.frameworks["safe_towns"]
    grown = [
        criterion.model_copy(update={"status": Status.PROVISIONAL}) if criterion.id == "emergency_plan" else criterion
        for criterion in catalog.criteria.values()
    ]
    verdicts = {"emergency_plan.published": Verdict.PASSED}
    drafted = score_framework(framework, "AW", Level.LOCAL, verdicts, counted(catalog.criteria.values()))
    scored = score_framework(framework, "AW", Level.LOCAL, verdicts, counted(grown))
    assert drafted is not None and drafted.total is not None and drafted.total.unmeasured == 2  # noqa: PT018
    assert scored is not None and scored.total is not None  # noqa: PT018
    assert (scored.total.value, scored.total.band, scored.total.unmeasured, scored.total.provisional) == (1.0, 0, 1, 1)


@pytest.mark.parametrize("kind", ["information", "service"])
def test_a_skeleton_is_a_sound_draft_once_its_blanks_are_filled(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "rules"
    shutil.copytree(RULES, root, ignore=shutil.ignore_patterns("__pycache__", "fixtures"))
    command = f"veedor rules new criterion zephyr_log --kind {kind} --rules-dir rules"
    assert run(command, tmp_path)[0] == 0
    assert sum("zephyr_log" in fault for fault in faults(load(root))) > 20
    for path in root.rglob("*"):
        if path.is_file() and "zephyr_log" in str(path):
            path.write_text(BLANK.sub("bitácora del céfiro", path.read_text(encoding="utf-8")), encoding="utf-8")
    catalog = load(root)
    assert not [fault for fault in faults(catalog) if "zephyr_log" in fault]
    for path in sorted((root / "criteria/zephyr_log/fixtures").iterdir()):
        found = next(f for f in judge(capture_of_fixture(path), catalog) if f.criterion == "zephyr_log")
        assert path.name.startswith(found.verdict.value), f"{path.name}: {found.verdict} {found.reason}"
    code, told = run(command, tmp_path)
    assert code == 2
    assert "is there already" in told
