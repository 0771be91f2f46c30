"""`veedor audit`: visit, judge, keep, store, score. Here the rooms meet."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from audits.catalog import Catalog
from audits.model import Audit
from commands import selection as whom
from commands import store
from commands.audit_report import report
from commands.browser import demand_browser
from commands.display import notice
from commands.earlier import Earlier
from commands.errors import NothingDoneError, UserError
from commands.guide import guide_from
from commands.home import Home
from commands.making import audit_of, evidence_name, or_unjudged
from commands.progress import Watch
from commands.runs import Run, RunRecord, alone, fingerprint, new_id, start, unfinished_twin
from commands.settings_file import checked, read_settings
from commands.wording import say
from commands.work import bring_in, conclude, keep_file, versions
from crawler.capture import Capture, CaptureRecord, Entity, Level
from crawler.guard import Guard
from crawler.settings import CrawlSettings
from crawler.tools import Warcs
from results.database import open_database
from results.ingest import ingest_audit
from results.queries import scored_runs
from results.registry import select_entities, shared_hosts


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
    webdriver: str = ""
    allow_private: tuple[str, ...] = ()
    at_once: int | None = None
    delay: float | None = None
    hours: str | None = None
    settings: Path | None = None


def run_audit(home_dir: Path, asked: Asked, *, as_json: bool = False) -> None:
    """Audit all that is asked; raises NothingDoneError when no portal could be read."""
    catalog = store.rules()
    home = Home(home_dir)
    home.make()
    db = open_database(home.database)
    chosen = select(asked, db, catalog)
    settings = settings_for(asked, chosen)
    demand_browser(settings, chosen.entities)
    run = begin(home, chosen, settings, catalog, anew=asked.new, scored=scored_runs(db))
    carry_out(run, chosen, settings, catalog, db, as_json=as_json)


def carry_out(
    run: Run, chosen: whom.Selection, settings: CrawlSettings, catalog: Catalog, db: Database, *, as_json: bool
) -> None:
    """Do what is left of a run and print what it found; raises NothingDoneError when no portal could be read."""
    if needs_contact(settings, chosen.entities):
        notice(say("audit.no_contact", seconds=f"{settings.pause:g}"), "yellow")
    with alone(run):
        Work(run, chosen, settings, catalog, db).do()
    if not report(run, db, catalog, as_json=as_json):
        raise NothingDoneError("nothing_read")


def needs_contact(settings: CrawlSettings, entities: Collection[Entity]) -> bool:
    """Whether strangers will be asked without being told by whom: not by an archive, nor where all portals are one's own."""
    own = Guard(settings.allow_private)
    portals = [portal for entity in entities for portal in entity.portals]
    return not (settings.contact or settings.archives or all(map(own.allows, portals)))


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
    """The settings of the crawl: what was typed, else what the file says, else as they stand."""
    typed = {
        "page_budget": asked.pages,
        "document_budget": asked.documents,
        "portals_at_once": asked.at_once,
        "delay_seconds": asked.delay,
        "hours": asked.hours,
        "contact": asked.contact or None,
        "archives": tuple(map(str, chosen.archives)) or None,
        "allow_private": asked.allow_private or None,
        "shared_hosts": chosen.shared_hosts or None,
        "browser": False if not asked.browser else None,
        "browser_path": asked.chromium or None,
        "webdriver": asked.webdriver or None,
    }
    said = {name: value for name, value in typed.items() if value is not None}
    return checked(said, read_settings(asked.settings) if asked.settings else None)


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
        chosen.entities,
    )


class Work:
    """What happens to each capture of one run: judged, written whole, ingested."""

    def __init__(self, run: Run, chosen: whom.Selection, settings: CrawlSettings, catalog: Catalog, db: Database) -> None:
        self.run, self.settings, self.catalog, self.db = run, settings, catalog, db
        self.entities, self.finished = chosen.entities, frozenset(run.finished())
        self.earlier = Earlier(run)
        self.watch = Watch(len(self.entities), len(self.finished), settings.page_budget)

    def do(self) -> None:
        """Visit all that is left and score the run."""
        from crawler.fleet import visit

        bring_in(self.run, self.catalog, self.db)
        if len(self.finished) < len(self.entities):
            guide, folder = guide_from(self.catalog), self.run.evidence
            with self.watch:
                visit(self.entities, self.settings, guide, self.keep, self.watch.heard, folder, self.earlier, self.finished)
        conclude(self.run, self.catalog, self.db)

    def keep(self, capture: Capture, warcs: Warcs) -> None:
        """Leave what the visit saw, then its audit; a capture that cannot be judged leaves an audit that says so."""
        run, warc = self.run, evidence_name(warcs[0] if warcs else "", self.run.folder)
        files = tuple(map(self.name_of, warcs))
        record = or_unjudged(lambda seen: CaptureRecord.of(seen, files).model_dump_json(), capture)
        audit, text = or_unjudged(lambda seen: _with_text(audit_of(run.record.id, seen, self.catalog, warc)), capture)
        keep_file(run.capture_file(capture.entity.id), record)
        keep_file(run.audit_file(capture.entity.id), text)
        ingest_audit(self.db, audit)
        self.watch.done(audit)

    def name_of(self, warc: str) -> str:
        """A file of evidence relative to the run's folder, so that a home can be moved; a person's own archive as given."""
        ours = Path(warc).is_relative_to(self.run.folder.parent)
        return Path(os.path.relpath(warc, self.run.folder)).as_posix() if ours else warc


def _with_text(audit: Audit) -> tuple[Audit, str]:
    return audit, audit.model_dump_json()
