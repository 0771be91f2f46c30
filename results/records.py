"""What the read side answers with: typed records, the same for the terminal and the site."""

from datetime import datetime
from typing import Any

from audits.model import Finding, Status, Texts, Verdict
from crawler.capture import Level, Reason, Record, Visit
from results.indexes import IndexScore
from results.scorecards import LevelRow
from results.scoring import EntityScore


class RunInfo(Record):
    """One run and how far it got. `entities` counts the visits ingested, `reached` those where a home page was read.

    `rejudged_from` is the run whose captures it judged anew, "" for one that visited portals.
    """

    id: str
    started_at: datetime
    finished_at: datetime | None
    settings: dict[str, Any]
    selection: Any
    rules_digest: str
    program_version: str
    entities: int
    reached: int
    rejudged_from: str


class RunSummary(Record):
    """What one run found: portals by how their visit ended, findings by verdict, pages and bytes fetched."""

    run: RunInfo
    outcomes: dict[Reason, int]
    verdicts: dict[Verdict, int]
    pages: int
    documents: int
    requests: int
    bytes: int


class HostTotal(Record):
    """What one run asked of one host, over all visits: the fields of HostVisit, added up or at their worst.

    `visits` counts the bodies for which it was asked; `robots`, `certificate` and `address` name all that was met, with commas.
    """

    host: str
    visits: int
    requests: int
    browser_requests: int
    bytes: int
    delay_seconds: float
    shortest_gap: float | None
    robots: str
    certificate: str
    address: str
    failures: int
    broken: int


class CriterionInfo(Record):
    """What a finding is about."""

    id: str
    kind: str
    status: Status
    group: str
    title: Texts


class EntityFinding(Record):
    """One finding with its evidence, the criterion it is about, and the run it comes from."""

    run: str
    criterion: CriterionInfo
    finding: Finding


class ItemInfo(Record):
    """One demand of a framework in its source's words. `measured` is false where no rule stands behind it yet.

    `provisional` counts the criteria behind it whose accuracy has not been measured yet.
    """

    framework: str
    code: str
    title: Texts
    text: Texts
    unit: Texts
    rule: Texts
    note: Texts
    levels: tuple[str, ...]
    target: float | None
    or_double: bool
    measured: bool
    provisional: int = 0


class ItemScore(Record):
    """The score of one entity in one item, with its arithmetic in `score.steps`."""

    run: str
    item: ItemInfo
    score: EntityScore


class EntityIndex(Record):
    """Where one entity stands in one index or ladder (`framework` is its id), in one run."""

    run: str
    entity: str
    name: str
    country: str
    level: Level
    framework: str
    index: IndexScore


class CountryScorecard(Record):
    """One item for one country in one run. `rows`: one per level, then `all`; empty where nothing is measured."""

    run: str
    country: str
    item: ItemInfo
    rows: tuple[LevelRow, ...]


class EntityVisit(Record):
    """How the visit of one entity ended in one run, and the archive that holds what it said."""

    run: str
    entity: str
    name: str
    country: str
    level: Level
    visit: Visit
    warc: str


class CountryInfo(Record):
    """A country that has results: its name, its latest run, and how many of its entities that run visited."""

    code: str
    name: Texts
    entities: int
    run: str
