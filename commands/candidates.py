"""`veedor rules candidates`: hosts beside words for a thing that providers offer, which no rule knows yet."""

from pathlib import Path

from commands import store
from commands.display import console, number, plain, show_json, table
from commands.errors import UserError
from commands.runs import all_runs, find_run
from commands.wording import say
from results.candidates import candidate_hosts

SHOWN = 40
"""Hosts that a terminal shows; programs get all."""
WIDEST = {1: 11, 2: 8, 3: 18, 4: 20}
"""Characters of the columns, so that names of hosts have room."""


def show_candidates(home_dir: Path, run_id: str = "", kind: str = "", *, as_json: bool = False) -> None:
    """Print the candidates of a run ("": the newest), of one kind or of all, those of most portals first."""
    home, db = store.open_home(home_dir)
    run = find_run(home, run_id) if run_id else next(iter(all_runs(home)), None)
    if run is None:
        raise UserError("no_runs", home=home.path)
    kinds = sorted({provider.kind for provider in store.rules().providers})
    if kind and kind not in kinds:
        raise UserError("no_kind", kind=kind, known=", ".join(kinds))
    found = candidate_hosts(db, run.record.id, kind)
    if as_json:
        show_json([host.model_dump() for host in found])
        return
    if not found:
        plain(say("candidates.none", run=run.record.id))
        return
    rows = [[host.host, host.kind, number(host.portals), host.words, host.page] for host in found[:SHOWN]]
    headings = [say(f"candidates.{word}") for word in ("host", "kind", "portals", "words", "page")]
    console().print(table(say("candidates.title", run=run.record.id), headings, rows, right=(2,), widest=WIDEST))
    if len(found) > SHOWN:
        plain(say("candidates.more", shown=SHOWN, total=number(len(found))), "dim")
