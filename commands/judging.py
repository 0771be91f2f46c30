"""Judging captures from disk in processes of their own: one that dies or hangs takes down no other capture."""

import os
import resource
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from pebble import ProcessPool

from audits.catalog import Catalog, load
from audits.facts import read
from commands.making import audit_of, evidence_name, or_unjudged, unjudged
from crawler.capture import Capture, CaptureRecord
from crawler.replay import replay

AHEAD = 3
"""Captures handed to each process: enough to keep it busy, few enough to keep memory flat."""


class Task(NamedTuple):
    """One capture to judge: for which run (its id and folder), from which file, and the folder of the run that made it."""

    run: str
    home: Path
    file: Path
    source: Path


class Limits(NamedTuple):
    """What judging one capture may take: seconds, and bytes of memory of its process."""

    seconds: float
    memory: int


def in_order(tasks: Sequence[Task], limits: Limits) -> Iterator[str]:
    """The audit files' texts, in the order of the tasks, as soon as each is made.

    A capture whose process dies or takes too long is unjudged, as one is that cannot be judged in a live run. Raises OSError or
    pydantic's ValidationError for a capture file that cannot be read.
    """
    processes = max(1, min(len(tasks), len(os.sched_getaffinity(0))))
    pool = ProcessPool(processes, initializer=prepare, initargs=(limits.memory,), context=get_context("spawn"))
    waiting: deque[tuple[Task, Future[str]]] = deque()
    try:
        for task in tasks:
            waiting.append((task, pool.schedule(judged, args=(task,), timeout=limits.seconds)))
            if len(waiting) >= AHEAD * processes:
                yield _text(*waiting.popleft())
        while waiting:
            yield _text(*waiting.popleft())
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _text(task: Task, future: "Future[str]") -> str:
    try:
        return future.result()
    except Exception as error:
        record = capture_record(task)
        return audit_text(task, record, unjudged(Capture(record.entity, record.visit), error))


@cache
def rules() -> Catalog:
    """The rules of this program, read once by each process."""
    return load()


def prepare(memory: int) -> None:
    """Bound the memory of this process; reading the rules now keeps their time out of the first capture's."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    rules()


def judged(task: Task) -> str:
    """The audit of one capture under today's rules, as its file's text. Runs in a process of its own."""
    record = capture_record(task)
    try:
        capture = replay(record, task.source, read, rules().impostor)
    except Exception as error:
        capture = unjudged(Capture(record.entity, record.visit), error)
    return or_unjudged(partial(audit_text, task, record), capture)


def capture_record(task: Task) -> CaptureRecord:
    """What the visit left on disk."""
    return CaptureRecord.model_validate_json(task.file.read_bytes())


def audit_text(task: Task, record: CaptureRecord, capture: Capture) -> str:
    """The audit file of one capture for the run of the task; evidence is referred to where it lies."""
    return audit_of(task.run, capture, rules(), evidence_of(record, task)).model_dump_json()


def evidence_of(record: CaptureRecord, task: Task) -> str:
    """The evidence file relative to the folder of the run that judges anew; of a person's own archive its name."""
    if not record.warcs:
        return ""
    path = Path(record.warcs[0])
    if path.is_absolute():
        return evidence_name(str(path), task.home)
    return Path(os.path.relpath(task.source / path, task.home)).as_posix()
