"""What `veedor audit` says at the end: how the visits ended, and what the goals look like for these portals."""

from collections.abc import Collection, Iterator, Sequence

from rich.text import Text
from sqlite_utils import Database

from audits.catalog import Catalog
from audits.model import Item, Verdict, references
from commands import store
from commands.display import console, number, percent, plain, show_json, table
from commands.politeness import seconds, shortest_gap, size
from commands.runs import Run
from commands.score import between
from commands.show import counted
from commands.standing import marked
from commands.wording import pick, say
from crawler.capture import Reason
from results import queries
from results.records import EntityVisit, RunSummary
from results.scorecards import LevelledScore, LevelRow, score_country
from results.scores import counted as counted_criteria

Goals = Sequence[tuple[Item, LevelRow]]

NAMED = 3
"""Portals named in a row of outcomes; the rest are counted."""


def report(run: Run, db: Database, catalog: Catalog, *, as_json: bool) -> int:
    """Print what the run found; how many portals were read."""
    summary = queries.run_summary(db, run.record.id)
    if summary is None:
        raise LookupError(f"run {run.record.id} was not ingested")
    visits = queries.run_visits(db, run.record.id)
    goals = goals_of(db, run.record.id, visits, catalog)
    gap = shortest_gap(queries.host_totals(db, run.record.id))
    if as_json:
        show_json(
            as_data(summary, visits, goals, catalog) | {"requests": summary.requests, "bytes": summary.bytes, "shortest_gap": gap}
        )
    else:
        print_report(summary, visits, goals, catalog)
        plain(manners(run, summary, gap))
        read = next((visit.entity for visit in visits if visit.visit.reached), "")
        if read:
            plain(say("audit.next", entity=read), "dim")
    return summary.run.reached


def print_report(summary: RunSummary, visits: Sequence[EntityVisit], goals: Goals, catalog: Catalog) -> None:
    """The summary as tables."""
    run = summary.run
    figures = {"total": run.entities, "reached": run.reached, "pages": summary.pages, "documents": summary.documents}
    plain(say("audit.summary", run=run.id, **figures), "bold")
    plain(counted(summary.verdicts))
    headings = [say(f"word.{word}") for word in ("outcome", "portals", "reason", "remedy")]
    rows = list(_outcomes(summary.outcomes, visits, catalog))
    console().print(table(say("audit.outcomes"), headings, rows, right=(1,)))
    words = [say(f"word.{word}") for word in ("goal", "title", "share", "interval", "bounds")]
    trust = counted_criteria(catalog.criteria.values()).provisional
    console().print(table(say("audit.goals"), words, _goals(goals, trust), right=(2, 3, 4)))
    if any(provisional_of(item, trust) for item, _ in goals):
        plain(say("show.provisional"), "dim")


def manners(run: Run, summary: RunSummary, gap: float | None) -> str:
    """One line on what was asked of other people's servers."""
    if run.record.settings.archives:
        return say("audit.offline")
    figures = {"requests": number(summary.requests), "bytes": size(summary.bytes), "gap": seconds(gap)}
    return say("audit.manners", run=summary.run.id, **figures)


def _outcomes(outcomes: dict[Reason, int], visits: Sequence[EntityVisit], catalog: Catalog) -> Iterator[list[str | Text]]:
    for reason, count in outcomes.items():
        names = [visit.entity for visit in visits if visit.visit.reason is reason]
        who = ", ".join(names[:NAMED]) + (f" +{count - NAMED}" if count > NAMED else "")
        words = Text(store.reason_words(catalog, reason)).append(f"\n{who}", style="dim")
        yield [reason.value, str(count), words, store.reason_words(catalog, reason, "remedy")]


def goals_of(db: Database, run: str, visits: Sequence[EntityVisit], catalog: Catalog) -> Goals:
    """Every measured demand with the portals of this run counted together, whatever their country."""
    levels = {visit.entity: visit.level for visit in visits}
    scores: dict[tuple[str, str], list[LevelledScore]] = {}
    for country in {visit.country for visit in visits}:
        for entity, items in queries.country_scores(db, country, run).items():
            for scored in items:
                key = (scored.item.framework, scored.item.code)
                scores.setdefault(key, []).append(LevelledScore(levels[entity], scored.score))
    goals = [framework for framework in catalog.frameworks.values() if framework.kind == "goals"]
    items_by_key = {(framework.id, item.code): item for framework in goals for item in framework.items}
    return [(item, score_country(item, scores[key]).together) for key, item in items_by_key.items() if key in scores]


def provisional_of(item: Item, provisional: Collection[str]) -> int:
    """On how many criteria an item rests whose accuracy is not known yet."""
    return len({reference.partition(".")[0] for reference in references(item)}.intersection(provisional))


def _goals(goals: Goals, provisional: Collection[str]) -> Iterator[list[str | Text]]:
    for item, row in goals:
        yield [
            item.code,
            marked(pick(item.title), provisional_of(item, provisional)),
            f"{row.comply}/{row.comply + row.not_comply} {percent(row.share)}",
            between(row.interval_low, row.interval_high),
            between(row.bound_low, row.bound_high),
        ]


def as_data(summary: RunSummary, visits: Sequence[EntityVisit], goals: Goals, catalog: Catalog) -> dict[str, object]:
    """The summary for programs; all shares are 0–1."""
    trust = counted_criteria(catalog.criteria.values()).provisional
    return {
        "run": summary.run.id,
        "portals": summary.run.entities,
        "read": summary.run.reached,
        "pages": summary.pages,
        "documents": summary.documents,
        "outcomes": summary.outcomes,
        "verdicts": {verdict.value: summary.verdicts.get(verdict, 0) for verdict in Verdict},
        "visits": [visit.model_dump(mode="json", include={"entity", "country", "level", "visit", "warc"}) for visit in visits],
        "goals": [
            {"item": item.code, "provisional": provisional_of(item, trust), "row": row.model_dump(mode="json")}
            for item, row in goals
        ],
    }
