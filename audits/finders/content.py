"""The search for information: announced (named), published (the thing is there), useful (its form), timely (its date).

Settings in `[find]`: `holds`, the proofs of which one is enough, the most telling first; `at_least`, counts by proof (see
audits.finders.proofs); all others are explained in docs/architecture.md ("Searches").
"""

from audits.finders.ageing import age_of, limit_of
from audits.finders.announcing import NO_REASONS, OPEN_REASONS, STATES, Search, search
from audits.finders.files import FORMS, IMAGE_ONLY, OPEN, SEARCHABLE, UNREAD, Wanted, evidence_of, file_name, opening
from audits.finders.proofs import PROOFS
from audits.finders.unnamed import cut_gazette
from audits.hints import hints
from audits.model import PUBLISHED, TIMELY, USEFUL, Criterion, Finding, Verdict
from audits.site import Site, Spot
from audits.text import shorten

__all__ = ["STATES", "check", "find", "label_of"]
_MAX_EVIDENCE = 4
_SETTINGS = frozenset(
    {
        "search", "holds", "at_least", "says", "says_in_files", "in_files", "items", "files", "numbered", "sessions", "head",
        "folder", "bare", "instances", "channel", "not_law", "not_rules", "may_be_law", "lapses", "gazette", "upcoming",
        "periodic", "grace_days",
    }
)  # fmt: skip


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    strange = sorted(set(criterion.find) - _SETTINGS)
    mistakes = [f"find has unknown settings: {', '.join(strange)}; known are {', '.join(sorted(_SETTINGS))}."] if strange else []
    unknown = sorted(set(criterion.find.get("holds", ())) - PROOFS)
    if unknown:
        mistakes.append(f"find.holds names unknown proofs: {', '.join(unknown)}; known are {', '.join(sorted(PROOFS))}.")
    if not criterion.find.get("holds"):
        mistakes.append("find.holds is empty; name at least one proof.")
    return mistakes


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """Findings on the three aspects of an information criterion."""
    found = search(Wanted.of(criterion), site)
    published = _published(criterion, found, site)
    return [published, _useful(published, found), _timely(criterion, published, found, site)]


# Verdicts ---


def _published(criterion: Criterion, found: Search, site: Site) -> Finding:
    if found.proofs:
        places = tuple(dict.fromkeys(place for proof in found.proofs[:8] for place in proof.evidence()))[:_MAX_EVIDENCE]
        values = {"name": found.proofs[0].words, "proof": found.proofs[0].kind}
        return Finding(
            criterion=criterion.id,
            aspect=PUBLISHED,
            verdict=Verdict.PASSED,
            reason="found",
            values=values,
            depth=2,
            evidence=places,
        )
    spots = {announcement.reason: announcement.spot for announcement in reversed(found.announced)}
    for reason in OPEN_REASONS:
        if reason in spots:
            return _announced(criterion, reason, Verdict.CANT_TELL, spots[reason])
    hint = hints(site).get(criterion.id)
    if hint is not None:
        return _announced(criterion, "mentioned_unseen", Verdict.CANT_TELL, hint)
    gazette = cut_gazette(site) if criterion.find.get("gazette") else None
    if gazette is not None and gazette.document is not None:
        return Finding(
            criterion=criterion.id,
            aspect=PUBLISHED,
            verdict=Verdict.CANT_TELL,
            reason="gazette_cut",
            values={"name": file_name(gazette), "target": gazette.url},
            evidence=(evidence_of(gazette, shorten(opening(gazette.document), 200)),),
        )
    for reason in NO_REASONS:
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
    if facts is not None and spot.by == "line":
        return shorten(facts.sections[spot.section].text, 200), spot.page.url
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


def _useful(published: Finding, found: Search) -> Finding:
    if published.verdict is not Verdict.PASSED:
        return _dependent(published, USEFUL)
    best = min(found.proofs, key=lambda proof: FORMS.index(proof.form))
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


def _timely(criterion: Criterion, published: Finding, found: Search, site: Site) -> Finding:
    if published.verdict is not Verdict.PASSED:
        return _dependent(published, TIMELY)
    best, newest = found.proofs[0], None
    for proof in found.proofs:
        find = criterion.find
        age = age_of(proof, site, upcoming=find.get("upcoming", False), periodic=find.get("periodic", True))
        if age is not None and (newest is None or age.day > newest.day):
            best, newest = proof, age
    evidence = best.evidence()
    if newest is None:
        return Finding(
            criterion=criterion.id, aspect=TIMELY, verdict=Verdict.CANT_TELL, reason="undated", depth=2, evidence=evidence
        )
    limit = limit_of(criterion, site, newest)
    fresh = (site.today - newest.day).days <= limit.days
    values = {"newest": newest.day.isoformat(), "days": str(limit.days)}
    if limit.norm is not None:
        values["law"] = f"{limit.norm.law} {limit.norm.item}".strip()
    return Finding(
        criterion=criterion.id,
        aspect=TIMELY,
        verdict=Verdict.PASSED if fresh else Verdict.FAILED,
        reason="current" if fresh else "stale",
        values=values,
        depth=3 if fresh else 2,
        newest=newest.day,
        evidence=evidence,
    )
