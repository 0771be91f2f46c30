"""`veedor accessibility ENTITY`: what keeps people out of a portal, by success criterion of WCAG 2.2, and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.text import Text

from audits.model import Barrier, Verdict
from audits.packs import SuccessCriterion
from commands import store
from commands.display import address, console, harmless, indented, number, plain, show_json, table
from commands.examined import Examined, examined, reason_of, worded
from commands.making import program_version
from commands.show import MARKS, STYLES, URGENCY
from commands.wording import pick, say

MOST_SHOWN = 5
"""Barriers shown under one success criterion; the CSV file and --json have all."""


@dataclass(frozen=True)
class Wanted:
    """Files to write besides: EARL for the W3C's report tool, a table of barriers, a draft statement, a picture of an element.

    `picture` is a barrier's number or a CSS selector, and the file.
    """

    earl: Path | None = None
    csv: Path | None = None
    statement: Path | None = None
    picture: tuple[str, Path] | None = None


def show_accessibility(home_dir: Path, entity: str, run: str, wanted: Wanted, *, as_json: bool) -> None:
    """Print what is known of one portal, and write the files that are asked for. Raises UserError for what is not there."""
    found = examined(home_dir, entity, run)
    if as_json:
        show_json(as_data(found))
    else:
        print_report(found)
    write_files(found, wanted)


def write_files(found: Examined, wanted: Wanted) -> None:
    """Write each file that is asked for and say so. What writes it is loaded only then."""
    if wanted.earl:
        from commands.earl import write_earl

        write_earl(found, wanted.earl)
    if wanted.csv:
        from commands.barriers import write_barriers

        write_barriers(found, wanted.csv)
    if wanted.statement:
        from commands.statement import write_statement

        write_statement(found, wanted.statement)
    if wanted.picture:
        from commands.picture import write_picture

        write_picture(found, *wanted.picture)


# For people ---


def print_report(found: Examined) -> None:
    """The sample, the outcomes by success criterion, and under each that fails its barriers and the remedy."""
    entity = found.capture.entity
    plain(say("accessibility.title", name=entity.name, id=entity.id, run=found.run.record.id), "bold")
    if not found.said.sample:
        reason = found.capture.visit.reason if not found.capture.visit.reached else "not_rendered"
        plain(store.reason_words(found.catalog, reason), "yellow")
        plain(store.reason_words(found.catalog, reason, "remedy"), "yellow")
        return
    plain(found.engines)
    print_sample(found)
    shown = sorted(
        (criterion for criterion in found.criteria if found.said.verdict(criterion.id) is not Verdict.UNTESTED),
        key=lambda criterion: URGENCY.index(found.said.verdict(criterion.id)),
    )
    headings = [say(f"accessibility.{name}") for name in ("criterion", "outcome_heading", "barriers", "elements", "pages")]
    console().print(table("", headings, [row_of(criterion, found) for criterion in shown], right=(2, 3, 4), widest={0: 46}))
    for criterion in found.with_verdict(Verdict.FAILED):
        print_criterion(criterion, found)
    untested = ", ".join(criterion.id for criterion in found.with_verdict(Verdict.UNTESTED))
    if untested:
        plain("\n" + say("accessibility.untested", criteria=untested), "dim")
    plain(say("accessibility.caution"), "dim")


def print_sample(found: Examined) -> None:
    """Each page of the sample and why it belongs there."""
    plain(say("accessibility.sample", pages=number(len(found.said.sample))), "bold")
    for page in found.said.sample:
        indented(Text(reason_of(page, found.catalog)), 2)
        address(page.url, 4)
    for page in found.capture.pages:
        if page.sampled and page.document:
            indented(Text(reason_of(page, found.catalog)), 2)
            address(page.url, 4)


def row_of(criterion: SuccessCriterion, found: Examined) -> tuple[Text, Text, str, str, str]:
    """A success criterion in the table of outcomes."""
    verdict = found.said.verdict(criterion.id)
    barriers = found.said.barriers_of(criterion.id)
    name = Text(f"{criterion.id} {pick(criterion.title)} ({criterion.level})")
    outcome = Text(f"{MARKS[verdict]} {worded(verdict)}", style=STYLES[verdict])
    if not barriers:
        return name, outcome, "–", "–", "–"
    counts = (len(barriers), sum(barrier.elements for barrier in barriers), len(pages_of(barriers)))
    return name, outcome, *map(number, counts)  # type: ignore[return-value]


def pages_of(barriers: Iterable[Barrier]) -> set[str]:
    """The addresses of all pages on which any of these barriers stands."""
    return {url for barrier in barriers for url in barrier.pages}


def print_criterion(criterion: SuccessCriterion, found: Examined) -> None:
    """A success criterion that fails: what is wrong, the barriers of widest spread, how to mend them, where to read more."""
    plain(f"\n{criterion.id} {pick(criterion.title)} ({criterion.level})", "bold underline")
    plain(pick(criterion.barrier))
    barriers = found.said.barriers_of(criterion.id)
    for barrier in barriers[:MOST_SHOWN]:
        print_barrier(barrier, found)
    if len(barriers) > MOST_SHOWN:
        indented(Text(say("accessibility.more", count=number(len(barriers) - MOST_SHOWN)), style="dim"), 2)
    for fix in dict.fromkeys([pick(criterion.fix), *map(found.fix_of, barriers[:MOST_SHOWN])]):
        indented(Text(f"→ {fix}", style="yellow"), 2)
    for link in dict.fromkeys([criterion.understanding, *(barrier.help_url for barrier in barriers[:MOST_SHOWN])]):
        if link:
            address(link, 2)


def print_barrier(barrier: Barrier, found: Examined) -> None:
    """One barrier: its number, its spread, and an example of it."""
    about = {"rules": ", ".join(barrier.rules), "pages": number(len(barrier.pages)), "elements": number(barrier.elements)}
    indented(Text(say("accessibility.barrier", number=found.number_of(barrier), **about), style="red"), 2)
    if barrier.example.quote:
        indented(Text(harmless(barrier.example.quote), style="italic"), 5)
    if barrier.example.selector:
        indented(Text(harmless(barrier.example.selector), style="dim"), 5)
    address(barrier.example.url, 5)


# For programs ---


def as_data(found: Examined) -> dict[str, Any]:
    """All of it for programs: the sample and its reasons, outcomes by success criterion, barriers with their remedies."""
    capture = found.capture
    return {
        "entity": capture.entity.id,
        "name": capture.entity.name,
        "run": found.run.record.id,
        "seen": capture.visit.as_of.isoformat(),
        "visit": capture.visit.reason,
        "versions": {"veedor": program_version(), "axe-core": capture.axe_version, "chromium": capture.browser_version},
        "rules_digest": found.catalog.digest,
        "sample": [
            {"url": page.url, "sampled": page.sampled, "why": reason_of(page, found.catalog)} for page in found.said.sample
        ],
        "criteria": [criterion_as_data(criterion, found) for criterion in found.criteria],
        "barriers": [barrier_as_data(barrier, found) for barrier in found.said.barriers],
    }


def criterion_as_data(criterion: SuccessCriterion, found: Examined) -> dict[str, Any]:
    """A success criterion and its outcome."""
    barriers, verdict = found.said.barriers_of(criterion.id), found.said.verdict(criterion.id)
    return {
        "id": criterion.id,
        "level": criterion.level,
        "title": pick(criterion.title),
        "outcome": verdict,
        "worded": worded(verdict),
        "barriers": [found.number_of(barrier) for barrier in barriers],
        "elements": sum(barrier.elements for barrier in barriers),
        "pages": len(pages_of(barriers)),
        "unsure": found.said.unsure(criterion.id),
        "fix": pick(criterion.fix),
        "help": criterion.understanding,
    }


def barrier_as_data(barrier: Barrier, found: Examined) -> dict[str, Any]:
    """A barrier with its number and its remedy."""
    return {"number": found.number_of(barrier), **barrier.model_dump(mode="json"), "fix": found.fix_of(barrier)}
