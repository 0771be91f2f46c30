"""`veedor audit`: visit, judge, keep, store, score. Here the rooms meet."""

import platform
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import ValidationError
from sqlite_utils import Database

from audits.catalog import Catalog
from audits.facts import read
from audits.judge import judge
from audits.model import Audit
from commands import selection as whom
from commands import store
from commands.audit_report import report
from commands.browser import find
from commands.display import notice
from commands.errors import NothingDoneError, UserError
from commands.home import Home, write_whole
from commands.progress import Watch
from commands.runs import Run, RunRecord, alone, fingerprint, new_id, start, unfinished_twin
from commands.wording import say
from crawler.capture import Capture, Level, Reason
from crawler.guide import Guide
from crawler.settings import CrawlSettings
from results.database import open_database
from results.ingest import finish_run, ingest_audit, ingest_run
from results.queries import scored_runs
from results.registry import select_entities, shared_hosts
from results.rules import store_rules
from results.scores import score_run


@dataclass(frozen=True)
class Asked:
    """What a person typed after `veedor audit`; None means: as the settings have it."""

    urls: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    archives: tuple[Path, ...] = ()
    home: str = ""
    table: Path | None = None
    new: bool = False
    pages: int | None = None
    documents: int | None = None
    contact: str = ""
    browser: bool = True
    chromium: str = ""
    allow_private: tuple[str, ...] = ()
    at_once: int | None = None


def run_audit(home_dir: Path, asked: Asked, *, as_json: bool = False) -> None:
    """Audit all that is asked; raises NothingDoneError when no portal could be read."""
    catalog = store.rules()
    home = Home(home_dir)
    home.make()
    db = open_database(home.database)
    chosen = select(asked, db, catalog)
    settings = settings_for(asked, chosen)
    if settings.browser and not find(settings.browser_path):
        raise UserError("no_chromium")
    run = begin(home, chosen, settings, catalog, anew=asked.new, scored=scored_runs(db))
    with alone(run):
        Work(run, chosen, settings, catalog, db).do()
    if not report(run, db, catalog, as_json=as_json):
        raise NothingDoneError("nothing_read")


def select(asked: Asked, db: Database, catalog: Catalog) -> whom.Selection:
    """The entities of this audit, by the one way in which they were named."""
    countries = [store.country_code(country) for country in asked.countries]
    levels = [store.level_of(level) for level in asked.levels]
    said = whom.AdHoc(countries[0] if countries else "", levels[0] if levels else Level.LOCAL)
    if sum((bool(asked.table), bool(asked.archives), bool(asked.urls and not asked.archives), bool(asked.ids))) > 1:
        raise UserError("one_way")
    if asked.home and not asked.archives:
        raise UserError("home_without_archive")
    if asked.table:
        return whom.from_table(asked.table)
    if asked.archives:
        return whom.from_archives((*asked.archives, *map(Path, asked.urls)), asked.home, said, catalog)
    if asked.urls:
        return whom.from_urls(asked.urls, said, catalog)
    if not (asked.countries or asked.levels or asked.ids):
        raise UserError("say_whom")
    for entity_id in asked.ids:
        store.demand_entity(db, entity_id)
    entities = tuple(select_entities(db, countries, levels, asked.ids))
    name = ", ".join((*countries, *levels, *asked.ids))
    if not entities:
        raise UserError("nothing_selected", what=name)
    return whom.Selection(entities, name, shared_hosts=shared_hosts(db, [entity.id for entity in entities]))


def settings_for(asked: Asked, chosen: whom.Selection) -> CrawlSettings:
    """The settings of the crawl: what was said, else as they stand."""
    said = {
        "page_budget": asked.pages,
        "document_budget": asked.documents,
        "portals_at_once": asked.at_once,
        "contact": asked.contact or None,
        "archives": tuple(map(str, chosen.archives)) or None,
        "allow_private": asked.allow_private or None,
        "shared_hosts": chosen.shared_hosts or None,
        "browser": asked.browser,
        "browser_path": asked.chromium or None,
    }
    try:
        return CrawlSettings.model_validate({name: value for name, value in said.items() if value is not None})
    except ValidationError as error:
        fault = error.errors()[0]
        raise UserError("bad_setting", name=".".join(map(str, fault["loc"])), why=fault["msg"]) from error


def begin(
    home: Home, chosen: whom.Selection, settings: CrawlSettings, catalog: Catalog, *, anew: bool, scored: Collection[str] = ()
) -> Run:
    """The newest unfinished run that means the same, else (or when asked for) a new one. `scored` are runs that need nothing."""
    mark = fingerprint(chosen.entities, settings, catalog.digest)
    twin = None if anew else unfinished_twin(home, mark, scored)
    if twin:
        notice(say("audit.continuing", run=twin.record.id, done=len(twin.finished()), total=len(twin.record.entities)))
        return twin
    return start(
        home,
        RunRecord(
            id=new_id(),
            started_at=datetime.now(UTC),
            selection=chosen.name,
            entities=tuple(entity.id for entity in chosen.entities),
            settings=settings,
            rules_digest=catalog.digest,
            versions=versions(),
            fingerprint=mark,
        ),
    )


def versions() -> dict[str, str]:
    """Which program made a run, for whoever repeats it."""
    return {"veedor": program_version(), "python": platform.python_version(), "scrapy": version("scrapy")}


def program_version() -> str:
    """The version of this program ("0" from a checkout that was not installed)."""
    try:
        return version("veedor")
    except PackageNotFoundError:
        return "0"


class Work:
    """What happens to each capture of one run: judged, written whole, ingested."""

    def __init__(self, run: Run, chosen: whom.Selection, settings: CrawlSettings, catalog: Catalog, db: Database) -> None:
        self.run, self.settings, self.catalog, self.db = run, settings, catalog, db
        finished = set(run.finished())
        self.left = [entity for entity in chosen.entities if entity.id not in finished]
        self.watch = Watch(len(chosen.entities), len(finished), settings.page_budget)

    def do(self) -> None:
        """Visit all that is left and score the run. What an earlier, killed process wrote but did not ingest comes first."""
        from crawler.fleet import visit

        criteria, frameworks = list(self.catalog.criteria.values()), list(self.catalog.frameworks.values())
        store_rules(self.db, criteria, frameworks)
        ingest_run(self.db, self.run.folder)
        if self.left:
            guide = Guide(read, self.catalog.topics)
            with self.watch:
                visit(self.left, self.settings, guide, self.keep, self.watch.heard, self.run.evidence)
        if self.run.complete:
            finish_run(self.db, self.run.record.id)
        score_run(self.db, self.run.record.id, frameworks, criteria)
        if not self.run.complete:
            raise KeyboardInterrupt

    def keep(self, capture: Capture, warc: str) -> None:
        """Judge one capture and leave its audit file; a capture that cannot be judged leaves one that says so."""
        try:
            audit = self.audit_of(capture, warc)
        except Exception as error:
            audit = self.audit_of(unjudged(capture, error), warc)
        write_whole(self.run.audit_file(capture.entity.id), audit.model_dump_json())
        ingest_audit(self.db, audit)
        self.watch.done(audit)

    def audit_of(self, capture: Capture, warc: str) -> Audit:
        """The audit of one capture under the rules of this run."""
        return Audit(
            run=self.run.record.id,
            entity=capture.entity,
            visit=capture.visit,
            findings=judge(capture, self.catalog),
            rules_digest=self.catalog.digest,
            program_version=program_version(),
            axe_version=capture.axe_version,
            browser_version=capture.browser_version,
            warc=evidence_name(warc, self.run.folder),
        )


def evidence_name(warc: str, folder: Path) -> str:
    """The evidence file relative to its run, so that a home can be moved; of an archive given by a person its name."""
    path = Path(warc)
    if not warc:
        return ""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def unjudged(capture: Capture, error: Exception) -> Capture:
    """The same visit as one of which nothing could be read: whatever breaks here must not count against a portal."""
    detail = f"{type(error).__name__}: {error}"[:300]
    visit = capture.visit.model_copy(
        update={"reason": Reason.INTERNAL_ERROR, "reached": False, "thorough": False, "detail": detail}
    )
    return Capture(capture.entity, visit)
