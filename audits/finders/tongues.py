"""The search for versions of the portal in other languages: pages written in one, or a switch that leads to one.

Aspects: `offered`, any other language than the one in which most pages are written; `indigenous`, one of the peoples who were
here first. What a machine translates when somebody asks for it is no version of the portal (`machines`, kinds of providers).
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from audits.catalog import Catalog
from audits.finders.content import STATES
from audits.finders.files import evidence_of
from audits.languages import CONTENT_LANGUAGES
from audits.lexicon import Phrases
from audits.model import OFFERED, Criterion, Evidence, Finding, Verdict
from audits.once import once_per_site
from audits.services import provider_uses
from audits.site import Site
from audits.text import normal, shorten
from crawler.capture import Link, Page, Place

_LEAST_WORDS = 80
_CODE_PLACES = ("/{}/", "lang={}", "/{}.", "locale={}", "hl={}", "_{}.", "-{}.")


class Version(NamedTuple):
    """A version in another language: its code, where it is shown, in which words, and what is known of it (a reason's code)."""

    language: str
    page: Page
    words: str
    reason: str


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    unknown = sorted(set(criterion.find) - {"search", "machines"})
    return [f"find has unknown settings: {', '.join(unknown)}; the search tongues knows machines."] if unknown else []


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """One finding an aspect."""
    indigenous = {tongue.code for tongue in site.catalog.tongues if tongue.indigenous}
    found = versions(site)
    machine = next((use for use in provider_uses(site) if use.provider.kind in criterion.find.get("machines", ())), None)
    findings = []
    for aspect in criterion.aspects:
        chosen = [version for version in found if aspect == OFFERED or version.language in indigenous]
        findings.append(_finding(criterion, aspect, chosen, site, machine.page if machine and aspect == OFFERED else None))
    return findings


def _finding(criterion: Criterion, aspect: str, found: list[Version], site: Site, machine: Page | None) -> Finding:
    seen = [version for version in found if version.reason == "found"]
    unread = [version for version in found if version.reason in ("announced_not_visited", "announced_external")]
    if seen:
        languages = ", ".join(sorted({version.language for version in seen}))
        places = {version.language: evidence_of(version.page, version.words) for version in reversed(seen)}
        return _made(criterion, aspect, Verdict.PASSED, "languages_found", {"languages": languages}, 2, tuple(places.values()))
    if unread:
        first = unread[0]
        values = {"name": first.words, "target": first.page.url}
        return _made(criterion, aspect, Verdict.CANT_TELL, first.reason, values, 1, (evidence_of(first.page, first.words),))
    if machine is not None:
        return _made(criterion, aspect, Verdict.CANT_TELL, "machine_translation", {}, 1, (evidence_of(machine, ""),))
    if not site.capture.visit.thorough:
        return _made(criterion, aspect, Verdict.CANT_TELL, "not_thorough", {})
    if found:
        first = found[0]
        values = {"name": first.words, "target": ""}
        return _made(criterion, aspect, Verdict.FAILED, "no_link_target", values, 1, (evidence_of(first.page, first.words),))
    return _made(criterion, aspect, Verdict.FAILED, "nothing_found", {"pages": str(len(site.pages))})


def _made(
    criterion: Criterion, aspect: str, verdict: Verdict, reason: str, values: dict[str, str], depth: int = 0,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:  # fmt: skip
    return Finding(
        criterion=criterion.id, aspect=aspect, verdict=verdict, reason=reason, values=values, depth=depth, evidence=evidence
    )


# What is there ---


@once_per_site
def main_language(site: Site) -> str:
    """The language in which most pages are written; where no text tells, the first of those of the entity or its country."""
    seen = Counter(page.facts.detected for page in site.pages if page.facts and page.facts.detected)
    if seen:
        return seen.most_common(1)[0][0]
    return next(iter(site.capture.entity.languages or (site.country.languages if site.country else ())), "")


@once_per_site
def versions(site: Site) -> list[Version]:
    """Every version in another language than that of most pages, in page order: pages first, then what leads to some."""
    return [*_written(site), *_declared(site), *_switched(site)]


def _written(site: Site) -> Iterator[Version]:
    for page in site.pages:
        facts = page.facts
        if facts is None or page.delegated or facts.words < _LEAST_WORDS or site.is_stub(page):
            continue
        if facts.detected and facts.detected != main_language(site) and facts.language in ("", facts.detected):
            lines = [line for line in site.body(page).lines if line.count(" ") >= 7]
            if sum(line.count(" ") for line in lines) >= _LEAST_WORDS:
                yield Version(facts.detected, page, shorten(lines[0], 200), "found")


def _declared(site: Site) -> Iterator[Version]:
    for page in site.pages:
        for code, url in page.facts.alternates if page.facts else ():
            language = code.split("-")[0]
            if language != main_language(site) and site.is_own(url):
                reason = _leads_to(Link(url, "", Place.HEADER, 0), language, page, site)
                if reason in ("found", "announced_not_visited"):
                    yield Version(language, page, shorten(url, 200), reason)


def _switched(site: Site) -> Iterator[Version]:
    names = _names(site.catalog)
    for page in site.pages:
        if page.delegated:
            continue
        for link in page.facts.links if page.facts else ():
            text = normal(link.text)
            if not text or len(text) > 40 or link.kind not in ("a", "area", "onclick"):
                continue
            language = next((hit.key for hit in names.find(text) if hit.end - hit.start >= len(text) - 1), "")
            language = language or _by_code(text, link)
            if language and language != main_language(site):
                reason = _leads_to(link, language, page, site)
                if reason:
                    yield Version(language, page, shorten(link.text, 200), reason)


def _by_code(text: str, link: Link) -> str:
    """A short code ("EN") names a language where the address bears it too."""
    if len(text) != 2 or text not in CONTENT_LANGUAGES:
        return ""
    return text if any(place.format(text) in f"{link.url.lower()}/" for place in _CODE_PLACES) else ""


def _leads_to(link: Link, language: str, page: Page, site: Site) -> str:
    """What is known of the version behind a link; "" where it is plainly none."""
    state = STATES[site.state_of(link)]
    target = site.target(link)
    if state or target is None:
        return state if state != "announced_broken" else ""
    facts = target.facts
    if facts is None or target is page or site.is_stub(target):
        return "no_link_target" if facts is not None else ""
    if facts.detected in CONTENT_LANGUAGES and language in CONTENT_LANGUAGES and facts.words >= _LEAST_WORDS:
        return "found" if facts.detected == language else ""
    return "found" if facts.language == language or language not in CONTENT_LANGUAGES else "announced_not_visited"


@cache
def _names(catalog: Catalog) -> Phrases:
    return Phrases((name, tongue.code) for tongue in catalog.tongues for name in tongue.names)
