"""`veedor resume`: whatever is killed, whenever, the run goes on from the disk and ends as if nothing had happened."""

import json
import os
import random
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from tests.portals.behaviours import answer, page, silent

from .archives import contents, write_portals
from .conftest import Veedor, wait_until

PORTALS = 30
KILLS, CHAINS = 20, 2
SEED = 20260301
LONGEST_PAUSE = 0.25
"""Seconds: about as long as one portal takes, so that a kill may fall anywhere between two audit files."""


def audit_files(home: Path) -> list[Path]:
    return sorted(home.glob("runs/*/audits/*.json"))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The command of an archive run, and a home in which it ran to its end."""
    folder = tmp_path_factory.mktemp("archives")
    command = ["audit", "--no-browser", "--at-once", "3", "--portals", write_portals(folder, PORTALS)]
    veedor = Veedor(folder / "home")
    veedor(*command)
    return command, veedor.home


def killed_again_and_again(veedor: Veedor, command: list, seed: int, kills: int) -> list[int]:
    """Begin the run, kill it `kills` times at random moments, finish it; how many audits stood there at each kill."""
    chance = random.Random(seed)
    moments = sorted(chance.sample(range(PORTALS - 1), kills))
    seen = []
    for number, moment in enumerate(moments):
        process = veedor.start(*(["resume"] if number else command))
        wait_until(lambda moment=moment: len(audit_files(veedor.home)) >= moment and list(veedor.home.glob("runs/*/run.json")))
        time.sleep(chance.uniform(0, LONGEST_PAUSE))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL, "it was over before it could be killed"
        seen.append(len(audit_files(veedor.home)))
    veedor("resume")
    return seen


def test_twenty_kills_at_random_moments_leave_the_database_of_an_undisturbed_run(undisturbed, tmp_path):
    command, home = undisturbed
    with ThreadPoolExecutor(CHAINS) as both:
        work = []
        for number in range(CHAINS):
            (tmp_path / str(number)).mkdir()
            veedor = Veedor(tmp_path / str(number) / "home")
            work.append(both.submit(killed_again_and_again, veedor, command, SEED + number, KILLS // CHAINS))
        seen = [moment for one in work for moment in one.result()]
    assert len(seen) == KILLS
    assert min(seen) < PORTALS / 4 < PORTALS * 3 / 4 < max(seen), "the kills are not spread over the run"
    wanted = contents(home / "veedor.db")
    assert len(wanted["visits"]) == PORTALS
    assert len(wanted["findings"]) > 1000
    for number in range(CHAINS):
        killed = tmp_path / str(number) / "home"
        assert contents(killed / "veedor.db") == wanted
        assert not list(killed.glob("runs/*/*/.*.tmp")) or (killed / "veedor.db").is_file()
        assert len(list(killed.glob("runs/*/captures/*.json"))) == PORTALS


@pytest.fixture
def half_done(undisturbed, tmp_path):
    """A home whose run lacks the audits of four portals and everything that the database knew, and the run's id.

    One of them shares its host with a portal that is finished: it must be told the same of its neighbour as when both were new.
    """
    veedor = Veedor(tmp_path / "home")
    shutil.copytree(undisturbed[1], veedor.home)
    for file in (*audit_files(veedor.home)[5:8], audit_files(veedor.home)[-1]):
        file.unlink()
    for file in veedor.home.glob("veedor.db*"):
        file.unlink()
    (run,) = veedor.home.glob("runs/*")
    return veedor, run.name


def test_resume_needs_nothing_but_the_disk_and_does_just_what_is_left(half_done, undisturbed):
    veedor, run = half_done
    kept = {file: file.stat().st_mtime_ns for file in audit_files(veedor.home)}
    told = veedor("resume", "--json")
    assert json.loads(told.stdout)["portals"] == PORTALS
    assert f"Continuing run {run}: {PORTALS - 4} of {PORTALS}" in told.stderr
    assert f"[{PORTALS}/{PORTALS}]" in told.stderr
    assert {file: file.stat().st_mtime_ns for file in kept} == kept
    assert contents(veedor.home / "veedor.db") == contents(undisturbed[1] / "veedor.db")
    assert "is finished: there is nothing left to do" in veedor.look(("resume", run), 0).stdout
    assert "No run in" in veedor.look(("resume",), 0).stdout


def test_a_run_begun_under_other_rules_is_not_mixed_with_todays(half_done):
    veedor, run = half_done
    path = veedor.home / "runs" / run / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"rules_digest": "sha256:other"}))
    told = veedor.look(("resume",), 2).stderr
    assert f"The rules have changed since run {run} began ({PORTALS - 4} of {PORTALS} portals are finished)" in told
    assert "--new" in told
    assert f"veedor rejudge {run}" in told
    assert len(audit_files(veedor.home)) == PORTALS - 4


def test_a_run_without_its_list_of_bodies_and_a_damaged_line_are_said_in_one_sentence(half_done):
    veedor, run = half_done
    path = veedor.home / "runs" / run / "entities.jsonl"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], lines[2].replace('"PE"', '"Peru"'), *lines[3:]]))
    assert f"{path}:3 is damaged (country: " in veedor.look(("resume",), 2).stderr
    path.unlink()
    assert "an older veedor made it. Repeat the command" in veedor.look(("resume",), 2).stderr


def test_a_run_that_nobody_knows_is_met_with_what_may_have_been_meant(half_done):
    veedor, run = half_done
    assert f"There is no run {run}x (did you mean {run}?)" in veedor.look(("resume", f"{run}x"), 2).stderr
    assert "There is no run ../runs; see veedor runs." in veedor.look(("resume", "../runs"), 2).stderr


def test_no_child_of_a_killed_veedor_lives_on(veedor, town, started):
    """SIGKILL of the one process: Chromium, its driver and whatever else it started must see by themselves that it is gone."""
    shell = page("Muni", '<div id="app"></div><script src="/app.js"></script>')
    portal = town.open("muni").add("/robots.txt", answer("", status=404)).add("/", answer(shell)).add("/app.js", silent(30))
    process = started("audit", portal.url, "--country", "PE", "--allow-private", "127.0.0.1", "--delay", "0")
    parent = psutil.Process(process.pid)
    wait_until(lambda: any("app.js" in asked.path for asked in portal.asked))
    children = parent.children(recursive=True)
    assert any("chrom" in child.name() for child in children)
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children), 20)
