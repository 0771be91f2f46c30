"""`veedor show ENTITY`: each criterion, its verdict, the reason in words, and the proof."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from rich.style import Style
from rich.text import Text
from sqlite_utils import Database

from audits.catalog import Catalog
from audits.model import OFFERED, Evidence, Verdict
from commands import store
from commands.display import address, harmless, indented, plain, show_json
from commands.errors import UserError
from commands.explain import explained
from commands.names import called, sentence
from commands.standing import index_as_data, parts_as_data, print_indexes, print_parts
from commands.wording import pick, say
from results import queries
from results.index_queries import entity_indexes, recompute
from results.records import EntityFinding, EntityVisit

QUOTE = 160
"""Characters of a quote that are shown; the whole of it is in the archive."""

URGENCY = (Verdict.FAILED, Verdict.CANT_TELL, Verdict.UNTESTED, Verdict.PASSED, Verdict.INAPPLICABLE)
"""Verdicts by how much they call for action."""

MARKS = {
    Verdict.PASSED: "✓",
    Verdict.FAILED: "✗",
    Verdict.CANT_TELL: "?",
    Verdict.INAPPLICABLE: "–",
    Verdict.UNTESTED: "·",
}
STYLES = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "red",
    Verdict.CANT_TELL: "yellow",
    Verdict.INAPPLICABLE: "bright_black",
    Verdict.UNTESTED: "magenta",
}


def show_findings(home_dir: Path, entity: str, criteria: Sequence[str], run: str, framework: str = "", *, as_json: bool) -> None:
    """Print what was concluded of one body in its newest run, or the one named; with a framework, its arithmetic instead."""
    _, db = store.open_home(home_dir)
    catalog = store.rules()
    visit = queries.entity_visit(db, entity, run or None)
    if visit is None:
        raise _unknown(db, entity, run)
    if framework:
        show_arithmetic(db, visit, framework, catalog, as_json=as_json)
        return
    findings = queries.entity_findings(db, entity, visit.run)
    known = list(dict.fromkeys(found.criterion.id for found in findings))
    for criterion in criteria:
        if criterion not in known:
            raise UserError("no_criterion", id=criterion, near=store.near(criterion, known, inside=True))
    chosen = [found for found in findings if not criteria or found.criterion.id in criteria]
    indexes = [] if criteria else entity_indexes(db, entity, visit.run)
    if as_json:
        standing = [index_as_data(catalog.frameworks[x.framework], x.index) for x in indexes if x.framework in catalog.frameworks]
        told = {"visit": visit.model_dump(mode="json"), "findings": [as_data(found, catalog) for found in chosen]}
        show_json(told if criteria else {**told, "indexes": standing})
    else:
        print_findings(visit, chosen, catalog)
        print_indexes(indexes, catalog)
        if visit.warc:
            summary = queries.run_summary(db, visit.run)
            digest = summary.run.rules_digest[:12] if summary else ""
            plain(say("show.evidence", warc=visit.warc, digest=digest), "dim")


def show_arithmetic(db: Database, visit: EntityVisit, name: str, catalog: Catalog, *, as_json: bool) -> None:
    """Print every item of one framework for one body, made anew from its findings under today's rules."""
    framework = catalog.frameworks.get(name)
    if framework is None:
        raise UserError("no_framework", id=name, known=", ".join(catalog.frameworks))
    found = recompute(db, visit.entity, visit.run, framework, catalog.criteria.values())
    if found is None:
        countries = ", ".join(framework.countries) or "–"
        raise UserError("not_bound", framework=name, countries=countries, country=visit.country)
    if as_json:
        show_json({"entity": visit.entity, "run": visit.run, **parts_as_data(found)})
        return
    _print_title(visit)
    plain(say("show.against", run=visit.run, framework=pick(framework.title, framework.language)))
    print_parts(found)
    if any(part.score.provisional for part in found.parts):
        plain(say("show.provisional"), "dim")


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
    """The visit, the counts, and every criterion with verdict, reason and proof: group by group, what calls for action first."""
    _print_title(visit)
    outcome = store.reason_words(catalog, visit.visit.reason)
    seen = f"{visit.visit.as_of:%Y-%m-%d %H:%M} UTC"
    plain(say("show.visit", run=visit.run, seen=seen, outcome=outcome, pages=visit.visit.pages, documents=visit.visit.documents))
    remedy = "" if visit.visit.reached else store.reason_words(catalog, visit.visit.reason, "remedy")
    if remedy:
        plain(remedy, "yellow")
    plain(counted(Counter(found.finding.verdict for found in findings)))
    for group, criteria in in_groups(findings, catalog):
        plain(f"\n{sentence(called('group', group))}", "bold underline")
        for found in criteria:
            print_criterion(found, catalog)


def _print_title(visit: EntityVisit) -> None:
    about = {"name": visit.name, "id": visit.entity, "country": visit.country, "level": called("level", visit.level)}
    plain(say("show.title", **about), "bold")


def counted(verdicts: Mapping[Verdict, int]) -> str:
    """How often each verdict was given: "passed: 12 · failed: 3"."""
    return " · ".join(f"{called('verdict', verdict)}: {verdicts[verdict]}" for verdict in Verdict if verdicts.get(verdict))


def in_groups(findings: Sequence[EntityFinding], catalog: Catalog) -> list[tuple[str, list[list[EntityFinding]]]]:
    """The findings by group and criterion: groups as the vocabulary orders them, criteria by their worst verdict."""
    criteria = [list(found) for _, found in groupby(findings, lambda found: found.criterion.id)]
    criteria.sort(key=lambda found: URGENCY.index(worst(found)))
    groups = [group for group in catalog.vocabulary["group"] if any(found[0].criterion.group == group for found in criteria)]
    return [(group, [found for found in criteria if found[0].criterion.group == group]) for group in groups]


def worst(findings: Sequence[EntityFinding]) -> Verdict:
    """The verdict on one criterion that most calls for action."""
    return min((found.finding.verdict for found in findings), key=URGENCY.index)


def print_criterion(findings: Sequence[EntityFinding], catalog: Catalog) -> None:
    """One criterion: its title, its verdicts with their reasons, each proof once, and where something failed what to do."""
    criterion, verdict = findings[0].criterion, worst(findings)
    title = Text(f"{MARKS[verdict]} ", style=STYLES[verdict])
    title.append(pick(criterion.title).rstrip("."), style="bold not dim default").append(
        f"  {criterion.id}", style="dim default not bold"
    )
    indented(title, 1)
    shown: list[Evidence] = []
    for (given, why, proofs), alike in groupby(findings, lambda found: _alike(found, catalog)):
        line = Text(_aspects([found.finding.aspect for found in alike]), style="dim")
        line.append(called("verdict", given), style=Style(color=STYLES[given], dim=False)).append(f": {why}", style="not dim")
        indented(line, 5)
        for proof in proofs:
            if proof not in shown:
                print_proof(proof)
        shown += proofs
    rule = catalog.criteria.get(criterion.id)
    if rule and verdict is Verdict.FAILED:
        indented(Text(f"→ {pick(rule.guidance).splitlines()[0].rstrip(':')}", style="yellow"), 5)


def _alike(found: EntityFinding, catalog: Catalog) -> tuple[Verdict, str, tuple[Evidence, ...]]:
    """What aspects of one criterion must share to be told together."""
    finding = found.finding
    why = harmless(explained(finding, catalog))
    if finding.newest and "newest" not in finding.values:
        why += f" ({say('show.newest', date=finding.newest)})"
    return finding.verdict, why, finding.evidence[:1]


def _aspects(aspects: Sequence[str]) -> str:
    """Aspects in words before their verdict; those of WCAG are numbers, and that a service is offered need not be said."""
    if aspects == [OFFERED]:
        return ""
    if aspects[0][:1].isdigit():
        return f"WCAG {', '.join(aspects)}: "
    return f"{', '.join(called('aspect', aspect) for aspect in aspects)}: "


def print_proof(proof: Evidence) -> None:
    """Where it stands, and the words that stand there."""
    address(proof.url, 5)
    if proof.quote:
        quote = proof.quote if len(proof.quote) <= QUOTE else proof.quote[: QUOTE - 1] + "…"
        indented(Text(f"“{harmless(quote)}”", style="italic"), 5)
