"""A reader that hangs, dies, fills memory or breaks costs one page, and nothing stays behind."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from audits.facts import read as read_facts
from crawler import desk as desk_module
from crawler.capture import DocumentFacts, PageFacts
from crawler.desk import Desk, UnreadableError
from tests.crawler.odd_reader import MEGABYTE, as_told

ROOT = Path(__file__).resolve().parents[2]
BODY = b"<html><title>Villa Ejemplo</title><a href='/x'>Actas</a></html>"


def with_desk(work: Callable[[Desk], Awaitable[None]], seconds: float = 20, limit: int = 1024 * MEGABYTE) -> None:
    """Do something with a desk in an event loop."""

    async def whole() -> None:
        desk = Desk(as_told, seconds, limit)
        try:
            await work(desk)
        finally:
            await desk.close()

    asyncio.run(whole())


async def pid_of(desk: Desk) -> int:
    facts = await desk.read(b"fine", "u", "t", "c")
    assert isinstance(facts, PageFacts)
    return int(facts.title)


def is_gone(pid: int, within: float) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("told", "kind", "words"),
    [
        (b"hang", "timeout", "not read within 1 s"),
        (b"spin", "timeout", "not read within 1 s"),
        (b"leave", "crashed", "code 3"),
        (b"crash", "crashed", "SIGSEGV"),
        (b"fill", "memory", "memory"),
        (b"break", "error", "ValueError: no such page"),
    ],
)
def test_what_goes_wrong_in_a_reading_is_named_and_the_next_one_goes_well(told: bytes, kind: str, words: str) -> None:
    async def work(desk: Desk) -> None:
        before = await pid_of(desk)
        with pytest.raises(UnreadableError, match=words) as raised:
            await desk.read(told, "u", "t", "c")
        assert raised.value.kind == kind
        after = await pid_of(desk)
        assert (after == before) is (kind == "error")
        assert kind == "error" or is_gone(before, 2)

    with_desk(work, seconds=1, limit=512 * MEGABYTE)


def test_readings_asked_for_at_once_are_done_one_after_the_other() -> None:
    async def work(desk: Desk) -> None:
        bodies = [b"x" * size for size in (1, 20 * MEGABYTE, 3)]
        answers = await asyncio.gather(*(desk.read(body, "u", "t", "c") for body in bodies))
        assert [facts.description for facts in answers if isinstance(facts, PageFacts)] == [f"{len(b)} u t c" for b in bodies]

    with_desk(work)


def test_an_answer_that_nobody_awaits_any_more_never_reaches_another_reading() -> None:
    async def work(desk: Desk) -> None:
        await pid_of(desk)
        waiting = asyncio.create_task(desk.read(b"hang", "first", "t", "c"))
        await asyncio.sleep(0.1)
        waiting.cancel()
        facts = await desk.read(b"second", "u", "t", "c")
        assert isinstance(facts, PageFacts)
        assert facts.description == "6 u t c"

    with_desk(work)


def test_the_reader_is_replaced_after_so_many_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "READINGS", 3)

    async def work(desk: Desk) -> None:
        pids = [await pid_of(desk) for _ in range(7)]
        assert [len(set(pids[:3])), len(set(pids[3:6])), len(set(pids))] == [1, 1, 3]

    with_desk(work)


def test_nothing_is_started_before_it_is_needed_and_nothing_stays_after_close() -> None:
    async def work(desk: Desk) -> None:
        children = set(psutil.Process().children())
        await desk.close()
        assert set(psutil.Process().children()) == children
        pid = await pid_of(desk)
        await desk.close()
        assert is_gone(pid, 2)

    with_desk(work)


@pytest.mark.parametrize("told", ["fine", "spin"])
def test_the_child_ends_with_its_crawler_even_when_that_is_killed(told: str) -> None:
    code = f"""
import asyncio, time
from crawler.desk import Desk
from tests.crawler.odd_reader import as_told
async def main():
    desk = Desk(as_told, 1, 1 << 30)
    print((await desk.read(b"fine", "u", "t", "c")).title, flush=True)
    asyncio.create_task(desk.read({told!r}.encode(), "u", "t", "c"))
    await asyncio.sleep(0.2)
    print("busy", flush=True)
    time.sleep(60)
asyncio.run(main())
"""
    crawler = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert crawler.stdout
    child = int(crawler.stdout.readline())
    assert crawler.stdout.readline() == "busy\n"
    crawler.send_signal(signal.SIGKILL)
    crawler.wait()
    crawler.stdout.close()
    assert is_gone(child, 1 + desk_module.GRACE_SECONDS + 2)


def test_a_reader_that_cannot_be_imported_by_name_is_refused() -> None:
    with pytest.raises(ValueError, match="must be a function of a module"):
        Desk(lambda *_: PageFacts(), 1, 1)


def test_pages_and_documents_read_at_the_desk_have_the_same_facts_as_read_here() -> None:
    async def work() -> None:
        desk = Desk(read_facts, 20, 1024 * MEGABYTE)
        for body, kind in ((BODY, "text/html"), (b"%PDF-1.4 broken", "application/pdf"), (b"a;b\n1;2\n", "text/csv")):
            there = await desk.read(body, "http://villa.example/a", kind, "")
            assert there == read_facts(body, "http://villa.example/a", kind, "")
            assert isinstance(there, PageFacts if kind == "text/html" else DocumentFacts)
        await desk.close()

    asyncio.run(work())
