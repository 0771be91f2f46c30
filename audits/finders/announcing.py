"""From the places that name a thing to what stands there: proofs, or the reason why a place proves nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from audits.dates import newest
from audits.finders.files import FORMS, Proof, Wanted, document_proof
from audits.finders.media_proofs import proof_behind
from audits.finders.proofs import prove
from audits.finders.unnamed import unnamed_proofs
from audits.site import Scope, Site, Spot
from crawler.capture import Link, Page, Place, Reason

_FEW_LINKS = 12
_MANY_STEPS = 24
_WAYS = ("a", "area", "iframe", "frame", "embed", "onclick")
_CALLS = frozenset({"document", "norms"})
"""Proofs that count even in an item of news: the file itself is there."""

OPEN_REASONS = ("announced_external", "leads_elsewhere", "script_only", "announced_not_visited")
"""Reasons that leave the question open, in the order in which they are told."""
NO_REASONS = ("announced_broken", "under_construction", "lapsed", "announced_not_published", "no_link_target")
"""Reasons that answer it with no."""
STATES = {
    "nowhere": "no_link_target",
    "external": "announced_external",
    "unread": "announced_not_visited",
    "gone": "announced_broken",
    "read": "",
}
"""The reason that the state of a link's target gives by itself; none where it was read."""


class Announcement(NamedTuple):
    """A place that names the thing and what became of it: the code of a reason, and the place."""

    reason: str
    spot: Spot


@dataclass(slots=True)
class Search:
    """What was found for one criterion on one site."""

    proofs: list[Proof] = field(default_factory=list)
    announced: list[Announcement] = field(default_factory=list)


def search(wanted: Wanted, site: Site) -> Search:
    """Look at every place that names the thing; where none of them proves it, at what shows itself without a name."""
    found = Search()
    for spot in sorted(site.spots.get(wanted.id, ()), key=lambda spot: -spot.share):
        result = _follow(spot, wanted, site) if spot.link else _look(spot, wanted, site)
        if isinstance(result, Proof) and wanted.lapses and _lapsed(result, wanted, site):
            result = "lapsed"
        if isinstance(result, Proof):
            found.proofs.append(result)
        else:
            found.announced.append(Announcement(result, spot))
    if not found.proofs:
        found.proofs += unnamed_proofs(wanted, site)
    found.proofs.sort(key=lambda proof: (wanted.holds.index(proof.kind), FORMS.index(proof.form)))
    return found


def _lapsed(proof: Proof, wanted: Wanted, site: Site) -> bool:
    """Whether a single file speaks of a time so long ago that it is no longer what it was: a draft, a call."""
    day = newest(proof.dated, site.today) if proof.kind == "document" else None
    return day is not None and (site.today - day).days > wanted.lapses


def _look(spot: Spot, wanted: Wanted, site: Site) -> Proof | str:
    """Look at a part of a page that bears the thing's name."""
    if spot.by == "title":
        scope = site.body(spot.page)
    elif spot.by == "line":
        scope = site.after_line(spot.page, spot.section, spot.line)
    else:
        scope = site.under(spot.page, spot.section)
    proof = _here(scope, wanted, site, named=True) or _a_step_on(scope, wanted, site)
    return proof or _why_not(scope, wanted, site, named=True)


def _follow(spot: Spot, wanted: Wanted, site: Site) -> Proof | str:
    """Look at what stands behind a link that bears the thing's name."""
    link = spot.link
    if link is None or not link.url:
        return "no_link_target"
    known = proof_behind(spot.page, link, wanted, site)
    if known is not None:
        return known
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
    subjects = site.subjects(page)
    # A page without a subject of its own is about what the site's links agree to call it.
    named = wanted.id in subjects or (not subjects and wanted.id in site.called(page))
    proof = _here(scope, wanted, site, named=named) or (_a_step_on(scope, wanted, site) if named else None)
    if proof is None and page.starved:
        return Reason.SCRIPT_ONLY.value  # what a server did not send for its scripts to show may be the very thing
    return proof or _why_not(scope, wanted, site, named=named)


def _here(scope: Scope, wanted: Wanted, site: Site, *, named: bool) -> Proof | None:
    """Proof on a part of a page. An item of news proves only what it calls for, or brings as a file."""
    if site.is_answer(scope.page):
        return None
    proof = prove(scope, wanted, site, named=named)
    if proof is None or proof.kind in _CALLS or wanted.calls or wanted.items:
        return proof
    if site.is_news_item(scope.page):
        return None
    return proof


def _a_step_on(scope: Scope, wanted: Wanted, site: Site) -> Proof | None:
    """Proof behind the links of a place that bears the name: years, months, "more", which have no name of their own."""
    for link, page in _steps(scope, site):
        if wanted.id in site.names(link.text):
            continue  # a place of its own
        proof = _here(site.body(page), wanted, site, named=not site.has_subject(link.text) and not site.subjects(page))
        if proof is not None:
            return proof
    return None


def _steps(scope: Scope, site: Site) -> Iterator[tuple[Link, Page]]:
    own = [link for link in scope.links if link.kind in _WAYS and site.is_own(link.url)]
    for link in own[:_MANY_STEPS]:
        page = site.target(link)
        if page is None or page is scope.page or page is site.pages[0] or page.facts is None or page.problem is not None:
            continue
        silent = not site.has_subject(link.text)
        if (silent or len(own) <= _FEW_LINKS) and not site.is_stub(page):
            yield link, page


def _behind_file(spot: Spot, page: Page, wanted: Wanted, site: Site) -> Proof | str:
    link = spot.link
    assert link is not None
    if page.document is not None and page.document.kind == "image":
        if "image" in wanted.holds and spot.page.facts:
            picture = Scope(spot.page, spot.page.facts, (), (link.text,), (link,))
            return prove(picture, wanted, site, named=True) or "announced_not_published"
        return "announced_not_published"
    if "document" in wanted.holds or "norms" in wanted.holds:
        proof = document_proof(spot.page, link, wanted, site, named=True)
        if proof:
            return proof
    return "announced_broken" if page.document is not None and page.document.broken else "announced_not_published"


def _why_not(scope: Scope, wanted: Wanted, site: Site, *, named: bool) -> str:
    """Why a place that names the thing (or to which its name leads) proves nothing: it may be elsewhere, unread, or not there."""
    ways = [link for link in scope.links if link.url.startswith("http") and link.kind in _WAYS]
    states = [STATES[site.state_of(link)] for link in ways]
    away = 2 * sum(state in OPEN_REASONS for state in states) >= len(ways)
    outcomes = set()
    for link, reason in zip(ways, states, strict=True):
        few = (len(ways) <= _FEW_LINKS or away) and (named or reason != "announced_external")
        if (few and link.place is not Place.NAV) or wanted.id in site.names(link.text):
            outcomes.add("leads_elsewhere" if reason == "announced_external" else reason)
    for reason in (*OPEN_REASONS, *NO_REASONS):
        if reason in outcomes:
            return reason
    return "announced_not_published"
