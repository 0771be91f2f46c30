"""`veedor act`: what the accessibility rules find on the test cases of the W3C's ACT rules, in a real browser."""

import json
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from commands import store
from commands.act_cases import read_cases
from commands.act_earl import as_earl
from commands.act_figures import Figures, implemented
from commands.act_report import show_cases, show_report
from commands.act_run import run_cases
from commands.display import notice, notices, show_json
from commands.wording import say
from crawler.trials.axe import axe_act_rules

EVERY = 100
"""Cases after which a line is said where no bar can be drawn."""


def show_act(
    folder: Path, only: Collection[str] = (), *, save: Path | None = None, earl: Path | None = None, as_json: bool = False
) -> None:
    """Run the cases of a folder and print how many failures were found, and how many falsely.

    `save` keeps the figures as JSON, from which `docs/act.md` is made; `earl` the report that the W3C asks of implementations.
    """
    catalog = store.rules()
    cases, missing = read_cases(folder, catalog, only)
    with progress(say("act.running"), len(cases)) as on_done:
        run = run_cases(folder, cases, catalog, on_done)
    record = Figures(run, missing, catalog, implemented(catalog, axe_act_rules())).record()
    if save:
        save.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if earl:
        earl.write_text(json.dumps(as_earl(run, catalog), ensure_ascii=False) + "\n", encoding="utf-8")
    if as_json:
        show_json(record)
        return
    if only:
        show_cases(run.results)
    show_report(record)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """How far it has come: done of all, how many a second, and the time left. To be told of each that is done."""
    began, done = time.monotonic(), 0

    def figures() -> str:
        speed = done / max(time.monotonic() - began, 0.001)
        left = timedelta(seconds=round((total - done) / speed)) if done else "–"
        return say("act.speed", speed=f"{speed:.1f}", left=left)

    live = notices().is_terminal
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn(), TextColumn("{task.fields[said]}"))
    bar = Progress(*columns, console=notices(), transient=True, disable=not live)
    task = bar.add_task(what, total=total, said="")

    def on_done() -> None:
        nonlocal done
        done += 1
        bar.update(task, advance=1, said=figures())
        if not live and done % EVERY == 0:
            notice(f"{what} {done}/{total}, {figures()}")

    with bar:
        yield on_done


if __name__ == "__main__":
    import sys

    show_act(Path(sys.argv[1]), sys.argv[2:])
