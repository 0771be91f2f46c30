"""The search for information: announced (named), published (the thing is there), useful (its form), timely (its date).

Settings in `[find]`: `holds`, the proofs of which one is enough, the most telling first; `at_least`, counts by proof (see
audits.finders.proofs); `upcoming`, when dates to come are what is asked for (agendas, calls).
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from audits.dates import newest
from audits.finders.files import FORMS, IMAGE_ONLY, OPEN, SEARCHABLE, UNREAD, Proof, Wanted, document_proof, evidence_of
from audits.finders.proofs import PROOFS, prove
from audits.hints import hints
from audits.model import PUBLISHED, TIMELY, USEFUL, Criterion, Finding, Verdict
from audits.site import Scope, Site, Spot
from audits.text import shorten
from crawler.capture import Page, Reason

_MAX_EVIDENCE = 4
_FEW_LINKS = 12


class Announcement(NamedTuple):
    """A place that names the thing and what became of it: the code of a reason, and the place."""

    reason: str
    spot: Spot


@dataclass(slots=True)
class Search:
    """What was found for one criterion on one site."""

    proofs: list[Proof] = field(default_factory=list)
    announced: list[Announcement] = field(default_factory=list)


# Reasons that leave the question open, in the order in which they are told; then those that answer it with no.
_OPEN_REASONS = ("announced_external", "leads_elsewhere", "script_only", "announced_not_visited")
STATES = {
    "nowhere": "no_link_target",
    "external": "announced_external",
    "unread": "announced_not_visited",
    "gone": "announced_broken",
    "read": "",
}
"""The reason that the state of a link's target gives by itself; none where it was read."""
_NO_REASONS = ("announced_broken", "under_construction", "announced_not_published", "no_link_target")


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    unknown = sorted(set(criterion.find.get("holds", ())) - PROOFS)
    mistakes = (
        [f"find.holds names unknown proofs: {', '.join(unknown)}; known are {', '.join(sorted(PROOFS))}."] if unknown else []
    )
    if not criterion.find.get("holds"):
        mistakes.append("find.holds is empty; name at least one proof.")
    return mistakes


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """Findings on the three aspects of an information criterion."""
    wanted = Wanted(criterion.id, tuple(criterion.find["holds"]), criterion.find.get("at_least", {}))
    search = _search(wanted, site)
    published = _published(criterion, search, site)
    return [published, _useful(published, search), _timely(criterion, published, search, site)]


def _search(wanted: Wanted, site: Site) -> Search:
    search = Search()
    spots = sorted(site.spots.get(wanted.id, ()), key=lambda spot: -spot.share)
    for spot in spots:
        result = _follow(spot, wanted, site) if spot.link else _look(spot, wanted, site)
        if isinstance(result, Proof):
            search.proofs.append(result)
        else:
            search.announced.append(Announcement(result, spot))
    search.proofs.sort(key=lambda proof: (wanted.holds.index(proof.kind), FORMS.index(proof.form)))
    return search


def _look(spot: Spot, wanted: Wanted, site: Site) -> Proof | str:
    """Look at a part of a page that bears the thing's name."""
    scope = site.body(spot.page) if spot.by == "title" else site.under(spot.page, spot.section)
    return prove(scope, wanted, site, named=True) or _why_not(scope, wanted, site, named=True)


def _follow(spot: Spot, wanted: Wanted, site: Site) -> Proof | str:
    """Look at what stands behind a link that bears the thing's name."""
    link = spot.link
    if link is None or not link.url:
        return "no_link_target"
    state = STATES[site.state_of(link)]
    page = site.target(link)
    if state or page is None:
        return state
    if page.document is not None:
        return _behind_file(spot, page, wanted, site)
    if page is spot.page or page is site.pages[0]:
        return "no_link_target"
    if site.is_unfilled(page):
        return Reason.SCRIPT_ONLY.value
    if site.is_stub(page):
        return "under_construction"
    scope = site.body(page)
    named = wanted.id in site.subjects(page)
    proof = prove(scope, wanted, site, named=named)
    if proof is None and page.starved:
        return Reason.SCRIPT_ONLY.value  # what a server did not send for its scripts to show may be the very thing
    return proof or _why_not(scope, wanted, site, named=named)


def _behind_file(spot: Spot, page: Page, wanted: Wanted, site: Site) -> Proof | str:
    link = spot.link
    assert link is not None
    if page.document is not None and page.document.kind == "image":
        if "image" in wanted.holds:
            proof = (
                prove(Scope(spot.page, spot.page.facts, (), (link.text,), (link,)), wanted, site, named=True)
                if spot.page.facts
                else None
            )
            if proof:
                return proof
        return "announced_not_published"
    if "document" in wanted.holds or "norms" in wanted.holds:
        proof = document_proof(spot.page, link, wanted, site, named=True)
        if proof:
            return proof
    return "announced_broken" if page.document is not None and page.document.broken else "announced_not_published"


def _why_not(scope: Scope, wanted: Wanted, site: Site, *, named: bool) -> str:
    """Why a place that names the thing (or to which its name leads) proves nothing: it may be elsewhere, unread, or not there."""
    outcomes = set()
    for link in scope.links:
        if not link.url.startswith("http") or link.kind not in ("a", "iframe", "frame", "embed", "onclick"):
            continue
        reason = STATES[site.state_of(link)]
        few = len(scope.links) <= _FEW_LINKS and (named or reason != "announced_external")
        if few or wanted.id in site.names(link.text):
            outcomes.add("leads_elsewhere" if reason == "announced_external" else reason)
    for reason in (*_OPEN_REASONS, *_NO_REASONS):
        if reason in outcomes:
            return reason
    return "announced_not_published"


# Verdicts ---


def _published(criterion: Criterion, search: Search, site: Site) -> Finding:
    if search.proofs:
        found = tuple(dict.fromkeys(place for proof in search.proofs[:8] for place in proof.evidence()))[:_MAX_EVIDENCE]
        values = {"name": search.proofs[0].words, "proof": search.proofs[0].kind}
        return Finding(
            criterion=criterion.id,
            aspect=PUBLISHED,
            verdict=Verdict.PASSED,
            reason="found",
            values=values,
            depth=2,
            evidence=found,
        )
    spots = {announcement.reason: announcement.spot for announcement in reversed(search.announced)}
    for reason in _OPEN_REASONS:
        if reason in spots:
            return _announced(criterion, reason, Verdict.CANT_TELL, spots[reason])
    hint = hints(site).get(criterion.id)
    if hint is not None:
        return _announced(criterion, "mentioned_unseen", Verdict.CANT_TELL, hint)
    for reason in _NO_REASONS:
        if reason in spots:
            if site.capture.visit.thorough:
                return _announced(criterion, reason, Verdict.FAILED, spots[reason])
            return _announced(criterion, "not_thorough", Verdict.CANT_TELL, spots[reason], why=reason)
    if not site.capture.visit.thorough:
        return Finding(criterion=criterion.id, aspect=PUBLISHED, verdict=Verdict.CANT_TELL, reason="not_thorough")
    looked = {"pages": str(len(site.pages))}
    return Finding(criterion=criterion.id, aspect=PUBLISHED, verdict=Verdict.FAILED, reason="nothing_found", values=looked)


def _announced(criterion: Criterion, reason: str, verdict: Verdict, spot: Spot, **more: str) -> Finding:
    label, target = label_of(spot)
    return Finding(
        criterion=criterion.id,
        aspect=PUBLISHED,
        verdict=verdict,
        reason=reason,
        values={"name": label, "target": target, **more},
        depth=1,
        evidence=(evidence_of(spot.page, label),),
    )


def label_of(spot: Spot) -> tuple[str, str]:
    """The words that name the thing at a place, and where they lead."""
    facts = spot.page.facts
    if spot.link is not None:
        return shorten(spot.link.text or spot.link.url.rsplit("/", 1)[-1], 200), spot.link.url or spot.link.target
    if facts is not None and spot.by == "heading":
        return shorten(facts.sections[spot.section].heading, 200), spot.page.url
    return shorten(facts.title if facts else "", 200), spot.page.url


def _dependent(published: Finding, aspect: str) -> Finding:
    """Useful and timely where nothing is published: failed with it, open with it."""
    verdict = Verdict.FAILED if published.verdict is Verdict.FAILED else Verdict.CANT_TELL
    return published.model_copy(
        update={"aspect": aspect, "verdict": verdict, "reason": "not_published", "values": {}, "evidence": ()}
    )


_USEFUL = {
    OPEN: ("open_format", Verdict.PASSED),
    SEARCHABLE: ("searchable_format", Verdict.PASSED),
    UNREAD: ("format_unread", Verdict.CANT_TELL),
    IMAGE_ONLY: ("image_only", Verdict.FAILED),
}


def _useful(published: Finding, search: Search) -> Finding:
    if published.verdict is not Verdict.PASSED:
        return _dependent(published, USEFUL)
    best = min(search.proofs, key=lambda proof: FORMS.index(proof.form))
    reason, verdict = _USEFUL[best.form]
    evidence = best.evidence()
    return Finding(
        criterion=published.criterion,
        aspect=USEFUL,
        verdict=verdict,
        reason=reason,
        depth=3 if verdict is Verdict.PASSED else 2,
        evidence=evidence,
    )


def _timely(criterion: Criterion, published: Finding, search: Search, site: Site) -> Finding:
    if published.verdict is not Verdict.PASSED:
        return _dependent(published, TIMELY)
    best, day = search.proofs[0], None
    for proof in search.proofs:
        seen = newest(proof.dated, site.today, upcoming=bool(criterion.find.get("upcoming")))
        if seen is not None and (day is None or seen > day):
            best, day = proof, seen
    limit = criterion.timely_days or 365
    evidence = best.evidence()
    if day is None:
        return Finding(
            criterion=criterion.id, aspect=TIMELY, verdict=Verdict.CANT_TELL, reason="undated", depth=2, evidence=evidence
        )
    fresh = (site.today - day).days <= limit
    return Finding(
        criterion=criterion.id,
        aspect=TIMELY,
        verdict=Verdict.PASSED if fresh else Verdict.FAILED,
        reason="current" if fresh else "stale",
        values={"newest": day.isoformat(), "days": str(limit)},
        depth=3 if fresh else 2,
        newest=day,
        evidence=evidence,
    )
