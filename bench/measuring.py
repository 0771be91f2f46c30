"""What a command costs: processor time of its whole process tree, exactly, and its memory as it goes."""

import ctypes
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

PR_SET_CHILD_SUBREAPER = 36
SAMPLE_SECONDS = 0.5


class Cost(NamedTuple):
    """Seconds of processor time of a command and all that it started; `told` is the JSON that it printed last.

    `megabytes` is the most memory that all of them had at a time, what they share counted once (PSS); it is sampled.
    """

    cpu: float
    told: dict[str, Any]
    megabytes: float = 0.0


def cost_of(command: Sequence[str], given: Any = None) -> Cost:
    """Run a command to its end; `given` is what it reads, as JSON. Raises RuntimeError where it fails.

    This process adopts what the command leaves behind (Linux), so that nothing of its tree escapes the account.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin
    assert child.stdout
    json.dump(given, child.stdin)
    child.stdin.close()
    with _memory_of(child.pid) as sizes:
        lines = child.stdout.read().splitlines()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime + _orphans()
    if child.returncode or not lines:
        raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}")
    return Cost(cpu, json.loads(lines[-1]), max(sizes, default=0) / 2**20)


@contextmanager
def _memory_of(root: int) -> Iterator[list[int]]:
    """Memory of a process and all below it in bytes, again and again while the block runs."""
    import psutil

    sizes: list[int] = []
    over = threading.Event()

    def sample() -> None:
        while not over.wait(SAMPLE_SECONDS):
            total = 0
            with suppress(psutil.Error):
                for process in (psutil.Process(root), *psutil.Process(root).children(recursive=True)):
                    with suppress(psutil.Error):
                        total += process.memory_full_info().pss
            sizes.append(total)

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    try:
        yield sizes
    finally:
        over.set()
        sampler.join()


def _orphans() -> float:
    """Processor time of processes that outlived the command and were adopted; servers of ours are waited for by name."""
    total = 0.0
    for pid in _children():
        done, _, usage = os.wait4(pid, os.WNOHANG)
        total += (usage.ru_utime + usage.ru_stime) if done else 0.0
    return total


def _children() -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process().children() if child.pid not in _servers]


_servers: set[int] = set()


@contextmanager
def served(*arguments: str, site: str = "bench.site") -> Iterator[dict[str, Any]]:
    """A server in a process of its own while the block runs; gives the JSON that it prints when it is ready."""
    command = [sys.executable, "-m", site, *arguments]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    _servers.add(server.pid)
    assert server.stdin
    assert server.stdout
    try:
        ready = server.stdout.readline()
        if not ready:
            raise RuntimeError(f"{' '.join(command)} did not start")
        yield json.loads(ready)
    finally:
        server.stdin.close()
        server.stdout.close()
        server.wait()
        _servers.discard(server.pid)


def show(title: str, rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """Print rows as a table, or as JSON."""
    if as_json:
        print(json.dumps(rows))
        return
    table = Table(*rows[0], title=title)
    for row in rows:
        table.add_row(*(f"{value:.2f}" if isinstance(value, float) else str(value) for value in row.values()))
    Console().print(table)
