"""What earlier runs have written of an entity, so that the same bytes are kept once."""

from collections.abc import Mapping
from pathlib import Path

from commands.home import Home
from commands.runs import Run, all_runs
from crawler.originals import Original, originals


class Earlier:
    """The evidence of the runs before this one. Call it with an entity's id for the payloads that they hold, by digest."""

    def __init__(self, run: Run) -> None:
        before = (one for one in all_runs(Home(run.folder.parent.parent)) if not one.record.rejudged_from)
        self.runs = [one for one in before if one.record.started_at < run.record.started_at]

    def __call__(self, entity_id: str) -> Mapping[str, Original]:
        """The payloads that the newest earlier run wrote or referred to: it refers to all older ones that still are there."""
        newest = next((run for run in self.runs if run.capture_file(entity_id).is_file()), None)
        names = newest.capture(entity_id).warcs if newest else ()
        files = [newest.folder / name for name in reversed(names) if not Path(name).is_absolute()] if newest else []
        return originals(files)
