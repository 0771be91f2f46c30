"""`veedor show ENTITY`: each criterion, its verdict, the reason in words, and the proof."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from rich.text import Text
from sqlite_utils import Database

from audits.catalog import Catalog
from audits.model import Evidence, Verdict
from commands import store
from commands.display import console, plain, show_json, table, verdict_text
from commands.errors import UserError
from commands.explain import explained
from commands.wording import pick, say
from results import queries
from results.records import EntityFinding, EntityVisit

QUOTE = 160


def show_findings(home_dir: Path, entity: str, criteria: Sequence[str], run: str, *, as_json: bool) -> None:
    """Print what was concluded of one body in its newest run, or the one named."""
    _, db = store.open_home(home_dir)
    catalog = store.rules()
    visit = queries.entity_visit(db, entity, run or None)
    if visit is None:
        raise _unknown(db, entity, run)
    findings = queries.entity_findings(db, entity, visit.run)
    known = list(dict.fromkeys(found.criterion.id for found in findings))
    for criterion in criteria:
        if criterion not in known:
            raise UserError("no_criterion", id=criterion, near=store.near(criterion, known, inside=True))
    chosen = [found for found in findings if not criteria or found.criterion.id in criteria]
    if as_json:
        show_json({"visit": visit.model_dump(mode="json"), "findings": [as_data(found, catalog) for found in chosen]})
    else:
        print_findings(visit, chosen, catalog)
        if visit.warc:
            summary = queries.run_summary(db, visit.run)
            digest = summary.run.rules_digest[:12] if summary else ""
            plain(say("show.evidence", warc=visit.warc, digest=digest), "dim")


def _unknown(db: Database, entity: str, run: str) -> UserError:
    if run:
        return UserError("no_run", run=run, id=entity)
    visited = [row["entity_id"] for row in db.query("SELECT DISTINCT entity_id FROM visits")]
    return UserError("no_audit", id=entity, near=store.near(entity, visited, inside=True))


def as_data(found: EntityFinding, catalog: Catalog) -> dict[str, object]:
    """One finding for programs, the reason in words too."""
    return {
        **found.finding.model_dump(mode="json"),
        "title": pick(found.criterion.title),
        "status": found.criterion.status,
        "explained": explained(found.finding, catalog),
    }


def print_findings(visit: EntityVisit, findings: Sequence[EntityFinding], catalog: Catalog) -> None:
    """The visit, one table of verdicts with their proof, and the counts."""
    plain(say("show.title", name=visit.name, id=visit.entity, country=visit.country, level=say(f"level.{visit.level}")), "bold")
    outcome = store.reason_words(catalog, visit.visit.reason)
    moments = [proof.captured_at for found in findings for proof in found.finding.evidence]
    seen = f"{max(moments, default=visit.visit.ended_at):%Y-%m-%d %H:%M} UTC"
    plain(say("show.visit", run=visit.run, seen=seen, outcome=outcome, pages=visit.visit.pages, documents=visit.visit.documents))
    remedy = "" if visit.visit.reached else store.reason_words(catalog, visit.visit.reason, "remedy")
    if remedy:
        plain(remedy, "yellow")
    words = ("criterion", "verdict", "why")
    console().print(table("", [say(f"word.{word}") for word in words], _rows(findings, catalog), widest={0: 30}))


def _rows(findings: Sequence[EntityFinding], catalog: Catalog) -> Iterator[list[str | Text]]:
    """A row for each verdict; aspects of one criterion that share verdict, reason and proof share a row."""
    before = ""
    shown: tuple[Evidence, ...] = ()
    for (criterion, verdict, why, proofs), group in groupby(findings, lambda found: _alike(found, catalog)):
        name = Text("" if criterion == before else f"{criterion}\n", style="bold")
        name.append("  " + _aspects([found.finding.aspect for found in group]), style="not bold dim")
        yield [name, verdict_text(verdict), _proof(why, () if criterion == before and proofs == shown else proofs)]
        before, shown = criterion, proofs


def _alike(found: EntityFinding, catalog: Catalog) -> tuple[str, Verdict, str, tuple[Evidence, ...]]:
    finding = found.finding
    why = explained(finding, catalog)
    if finding.newest and "newest" not in finding.values:
        why += f" ({say('show.newest', date=finding.newest)})"
    return found.criterion.id, finding.verdict, why, finding.evidence[:1]


def _aspects(aspects: Sequence[str]) -> str:
    """Aspects in words; those of accessibility are numbers of WCAG and stay as they are."""
    if aspects[0][:1].isdigit():
        return f"WCAG {', '.join(aspects)}"
    return ", ".join(say(f"aspect.{aspect}") for aspect in aspects)


def _proof(why: str, proofs: Sequence[Evidence]) -> Text:
    text = Text(why)
    for proof in proofs:
        text.append(f"\n{proof.url}", style="cyan")
        if proof.quote:
            quote = proof.quote if len(proof.quote) <= QUOTE else proof.quote[: QUOTE - 1] + "…"
            text.append(f"\n“{quote}”", style="italic")
    return text
