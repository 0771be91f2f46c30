"""`veedor resume`: finish a run from what it left on disk, without what was typed to begin it."""

from pathlib import Path

from audits.catalog import Catalog
from commands import store
from commands.audit import carry_out
from commands.browser import demand_browser
from commands.display import notice, plain, show_json
from commands.errors import UserError
from commands.home import Home
from commands.rejudge import Rejudging, tell
from commands.runs import Run, all_runs, alone, find_run, is_unfinished
from commands.selection import Selection
from commands.wording import say
from results.queries import scored_runs


def resume_run(home_dir: Path, run_id: str = "", *, as_json: bool = False) -> None:
    """Do what is left of a run, "" the newest unfinished one, under its own settings; one that is finished is said to be so.

    Raises UserError where the rules have changed since, or the run cannot be found, and NothingDoneError as `veedor audit` does.
    """
    home, db = store.open_home(home_dir)
    catalog, scored = store.rules(), scored_runs(db)
    run = find_run(home, run_id) if run_id else next((run for run in all_runs(home) if is_unfinished(run, scored)), None)
    if run is None or not is_unfinished(run, scored):
        _nothing_to_do(run, home, as_json=as_json)
        return
    demand_same_rules(run, catalog)
    entities = run.entities()
    notice(say("audit.continuing", run=run.record.id, done=len(run.finished()), total=len(entities)))
    if run.record.rejudged_from:
        with alone(run):
            Rejudging(home, run, catalog, db).do()
        tell(home, run, catalog, db, as_json=as_json)
        return
    demand_browser(run.record.settings, entities)
    chosen = Selection(entities, run.record.selection)
    carry_out(run, chosen, run.record.settings, catalog, db, as_json=as_json)


def demand_same_rules(run: Run, catalog: Catalog) -> None:
    """Raise UserError where a run was begun under other rules: all findings of a run are made under the same ones."""
    if run.record.rules_digest != catalog.digest:
        raise UserError("rules_changed", run=run.record.id, done=len(run.finished()), total=len(run.record.entities))


def _nothing_to_do(run: Run | None, home: Home, *, as_json: bool) -> None:
    if as_json:
        show_json({"run": run.record.id if run else None, "resumed": False})
    elif run:
        plain(say("resume.finished", run=run.record.id))
    else:
        plain(say("resume.nothing", home=home.path))
