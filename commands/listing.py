"""`veedor runs`: the runs of a home, newest first, as they stand on disk."""

from pathlib import Path

from commands.display import console, plain, show_json, table
from commands.home import Home
from commands.runs import Run, all_runs
from commands.wording import say


def list_runs(home_dir: Path, *, as_json: bool) -> None:
    """Print every run with how far it got."""
    found = all_runs(Home(home_dir))
    if as_json:
        show_json([as_data(run) for run in found])
        return
    if not found:
        plain(say("runs.none", home=home_dir))
        return
    words = ("run", "started", "selection", "done")
    rows = [[run.record.id, f"{run.record.started_at:%Y-%m-%d %H:%M}", _selection(run), _progress(run)] for run in found]
    console().print(table(say("runs.title", home=home_dir), [say(f"word.{word}") for word in words], rows, right=(3,)))


def _selection(run: Run) -> str:
    source = run.record.rejudged_from
    return f"{run.record.selection} · {say('runs.rejudged', run=source)}" if source else run.record.selection


def _progress(run: Run) -> str:
    done, total = len(run.finished()), len(run.record.entities)
    return f"{done}/{total}" + (f" {say('runs.complete')}" if done == total else "")


def as_data(run: Run) -> dict[str, object]:
    """One run for programs."""
    return {
        "id": run.record.id,
        "started_at": run.record.started_at.isoformat(),
        "selection": run.record.selection,
        "entities": len(run.record.entities),
        "finished": len(run.finished()),
        "complete": run.complete,
        "rules_digest": run.record.rules_digest,
        "rejudged_from": run.record.rejudged_from or None,
        "versions": run.record.versions,
    }
