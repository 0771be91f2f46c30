"""The search for aids to people with disabilities that a portal offers on its own pages.

Settings in `[find]`: `providers`, kinds of known aids, recognised by their scripts and hosts; `controls = true`, a control that
bears one of the criterion's names ("high contrast"): a short line or link on the home page or on most pages; `captions = true`,
something that a page plays itself with captions; `videos`, kinds of providers whose videos count under the criterion's names.
"""

from collections.abc import Iterator
from typing import NamedTuple

from audits.finders.files import evidence_of
from audits.hints import hints
from audits.model import OFFERED, Criterion, Finding, Verdict
from audits.services import provider_uses
from audits.site import Site
from audits.text import shorten
from crawler.capture import Page

_SETTINGS = frozenset({"search", "providers", "controls", "captions", "videos"})
_FEW_WORDS = 6


class Aid(NamedTuple):
    """An aid: the code of the reason, the page that shows it, in which words, and its name."""

    reason: str
    page: Page
    quote: str
    name: str


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    unknown = sorted(set(criterion.find) - _SETTINGS)
    return [f"find has unknown settings: {', '.join(unknown)}; known are {', '.join(sorted(_SETTINGS))}."] if unknown else []


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """The one finding: the first aid, or none where the visit was thorough enough to say so."""
    aid = next((aid for way in (_known, _controls, _captions, _videos) for aid in way(criterion, site)), None)
    if aid is not None:
        values = {"name": aid.name, "provider": aid.name, "target": aid.page.url}
        return [_finding(criterion, Verdict.PASSED, aid.reason, values, aid.page, aid.quote)]
    hint = hints(site).get(criterion.id)
    if hint is not None and hint.link is not None:
        values = {"name": shorten(hint.link.text, 200), "target": hint.link.url}
        return [_finding(criterion, Verdict.CANT_TELL, "mentioned_unseen", values, hint.page, values["name"])]
    if not site.capture.visit.thorough:
        return [_finding(criterion, Verdict.CANT_TELL, "not_thorough", {})]
    return [_finding(criterion, Verdict.FAILED, "nothing_found", {"pages": str(len(site.pages))})]


def _finding(
    criterion: Criterion, verdict: Verdict, reason: str, values: dict[str, str], page: Page | None = None, quote: str = ""
) -> Finding:
    evidence = (evidence_of(page, quote),) if page else ()
    depth = {Verdict.PASSED: 2, Verdict.CANT_TELL: 1 if page else 0}.get(verdict, 0)
    return Finding(
        criterion=criterion.id, aspect=OFFERED, verdict=verdict, reason=reason, values=values, depth=depth, evidence=evidence
    )


def _known(criterion: Criterion, site: Site) -> Iterator[Aid]:
    for use in provider_uses(site):
        if use.provider.kind in criterion.find.get("providers", ()):
            yield Aid("provider_found", use.page, shorten(use.words, 200), use.provider.name)


def _controls(criterion: Criterion, site: Site) -> Iterator[Aid]:
    """Controls are lines of their own; that one leads nowhere by itself is no fault: a script listens to it."""
    for page in site.pages if criterion.find.get("controls") else ():
        facts = page.facts
        if facts is None or page.delegated:
            continue
        lines = [line for section in facts.sections for line in (section.heading, *section.text.split("\n"))]
        for line in dict.fromkeys([*lines, *(link.text for link in facts.links)]):
            few = 0 < len(line.split()) <= _FEW_WORDS
            if few and criterion.id in site.names(line) and (page is site.pages[0] or site.is_template_line(line)):
                yield Aid("found", page, shorten(line, 200), shorten(line, 200))


def _captions(criterion: Criterion, site: Site) -> Iterator[Aid]:
    for page in site.pages if criterion.find.get("captions") else ():
        for media in page.facts.media if page.facts and not page.delegated else ():
            if media.captions:
                shown = media.url or (page.facts.title if page.facts else "")
                yield Aid("found", page, shorten(shown, 200), shown)


def _videos(criterion: Criterion, site: Site) -> Iterator[Aid]:
    for use in provider_uses(site):
        if use.provider.kind not in criterion.find.get("videos", ()) or use.link is None:
            continue
        if criterion.id in site.lexicon.mentions(f"{use.link.text} {use.link.context}"):
            yield Aid("found", use.page, shorten(use.link.text, 200), shorten(use.link.text, 200))
