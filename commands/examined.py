"""What a run says of the accessibility of one portal: read from its files, judged by today's rules, without any request."""

from dataclasses import dataclass
from pathlib import Path

from audits.catalog import Catalog
from audits.facts import read
from audits.model import Barrier, Verdict
from audits.packs import SuccessCriterion
from audits.site import Site
from audits.wcag.barriers import Merged, merged
from commands import store
from commands.errors import UserError
from commands.home import Home
from commands.runs import Run, all_runs, find_run, origin
from commands.wording import pick, say
from crawler.capture import Capture, Page
from crawler.replay import files_of, replay


@dataclass(frozen=True)
class Examined:
    """One portal in one run: its capture, the files that hold it, and what all rules say of the sample."""

    run: Run
    capture: Capture
    files: tuple[Path, ...]
    catalog: Catalog
    said: Merged

    @property
    def criteria(self) -> tuple[SuccessCriterion, ...]:
        """All success criteria of WCAG 2.2, levels A and AA, in its order."""
        return tuple(self.catalog.success_criteria.values())

    def with_verdict(self, verdict: Verdict) -> tuple[SuccessCriterion, ...]:
        """The success criteria of one outcome."""
        return tuple(criterion for criterion in self.criteria if self.said.verdict(criterion.id) is verdict)

    def number_of(self, barrier: Barrier) -> int:
        """The number by which a barrier is called: its place in the order by spread, from 1."""
        return self.said.barriers.index(barrier) + 1

    def fix_of(self, barrier: Barrier) -> str:
        """How to mend a barrier: what our own rule says that found it, else what helps with its success criterion."""
        own = next((rule for rule in barrier.rules if rule in self.catalog.checks), "")
        first = self.catalog.success_criteria[barrier.criteria[0]]
        return pick(self.catalog.checks[own].fix if own else first.fix)

    @property
    def engines(self) -> str:
        """What examined the pages, with versions."""
        return say("accessibility.engines", axe=self.capture.axe_version, browser=self.capture.browser_version)


def examined(home_dir: Path, entity: str, run: str) -> Examined:
    """What is known of one body in a run ("": the newest that visited it). Raises UserError for what is not there."""
    home = Home(home_dir)
    chosen = find_run(home, run) if run else _newest(home, entity)
    if entity not in chosen.finished():
        raise UserError(
            "not_in_run", run=chosen.record.id, entity=entity, near=store.near(entity, chosen.finished(), inside=True)
        )
    source, catalog = origin(home, chosen), store.rules()
    try:
        record = source.capture(entity)
    except FileNotFoundError:
        raise UserError("no_captures", run=source.record.id) from None
    capture = replay(record, source.folder, read, catalog.impostor)
    said = merged(Site(capture, catalog)) if capture.visit.reached else Merged((), (), ())
    return Examined(chosen, capture, tuple(files_of(record, source.folder)), catalog, said)


def _newest(home: Home, entity: str) -> Run:
    runs = all_runs(home)
    found = next((run for run in runs if run.audit_file(entity).is_file()), None)
    if found is None:
        known = sorted({name for run in runs for name in run.finished()})
        raise UserError("no_audit", id=entity, near=store.near(entity, known, inside=True))
    return found


def reason_of(page: Page, catalog: Catalog) -> str:
    """Why a page belongs to the sample, in words."""
    kind, _, thing = page.sampled.partition(":")
    if not kind:
        return say("accessibility.sampled.other")
    criterion = catalog.criteria.get(thing)
    return say(f"accessibility.sampled.{kind}", thing=pick(criterion.title).rstrip(".") if criterion else thing)


def worded(verdict: Verdict) -> str:
    """An outcome as it may be said of automatic tests: that nothing was found is never called conformance."""
    return say(f"accessibility.outcome.{verdict}")
