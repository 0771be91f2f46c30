"""The search for a quality: how much of what was sampled has it.

Settings in `[find]`: `of`, what is sampled (home, pages, pdfs, links, rendered: pages that were tried out in a browser);
`having`, the quality (language, viewport, tagged, works, plain; of rendered pages light, reflow, keyboard); `at_least`, the share
(0–1) that must have it; `count`, how many must be sampled for a verdict (1 where nothing is said); and the quality's own numbers:

* plain — `grade` or easier by the measure of the page's language, of those with `words` and `sentences` of running text, which is
  what stands in lines of `line_words`;
* light — come within `seconds` over a link of so many `megabits`, after `round_trips` of `round_trip` seconds;
* reflow — nothing sticks out of a window of 320 CSS px by more than `px`;
* keyboard — Tab reaches the share `reach` of what a mouse can operate, and is not trapped.
"""

from collections.abc import Callable, Mapping
from typing import Any

from audits import reachable, tried
from audits.finders.files import evidence_of, is_readable, opening
from audits.finders.tongues import main_language
from audits.model import OFFERED, Criterion, Evidence, Finding, Verdict
from audits.readability import GRADES, Counts, Measure, count
from audits.site import Site
from audits.text import shorten
from crawler.capture import Page

_SETTINGS = frozenset({"search", "of", "having", "at_least", "count"})
_NUMBERS: dict[str, tuple[str, ...]] = {
    "plain": ("words", "sentences", "line_words"),
    "light": ("seconds", "megabits", "round_trips", "round_trip"),
    "reflow": ("px",),
    "keyboard": ("reach",),
}
Asked = Mapping[str, Any]
_MAX_EVIDENCE = 4
_SMALL_SCREENS = "device-width"


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    asked = criterion.find
    numbers = _NUMBERS.get(asked.get("having", ""), ())
    grade = ("grade",) if asked.get("having") == "plain" else ()
    unknown = sorted(set(asked) - _SETTINGS.union(numbers, grade))
    mistakes = [f"find has unknown settings: {', '.join(unknown)}; known are {', '.join(sorted(_SETTINGS))}."] if unknown else []
    for name, known in (("of", _SAMPLES), ("having", _QUALITIES)):
        if asked.get(name) not in known:
            mistakes.append(f"find.{name} must be one of {', '.join(sorted(known))}.")
    if not 0 < asked.get("at_least", 0) <= 1:
        mistakes.append("find.at_least must be a share above 0 and not above 1, for example 0.9.")
    mistakes += [f"find.{name} must be a number above 0." for name in numbers if not asked.get(name, 0) > 0]
    if grade and asked.get("grade") not in GRADES:
        mistakes.append(f"find.grade must be one of {', '.join(GRADES)}.")
    return mistakes


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """The one finding: reached, missed, or too little seen to say."""
    asked = criterion.find
    sample = _SAMPLES[asked["of"]](site)
    if asked["of"] == "rendered" and not sample:
        return [Finding(criterion=criterion.id, aspect=OFFERED, verdict=Verdict.UNTESTED, reason="not_rendered")]
    said = [(page, _QUALITIES[asked["having"]](page, site, asked)) for page in sample]
    have, lack = ([page for page, has in said if has is wanted] for wanted in (True, False))
    seen = len(have) + len(lack)
    values = {"have": str(len(have)), "seen": str(seen), "needed": f"{100 * asked['at_least']:.0f}"}
    values |= {name: f"{asked[name]:g}" for name in _NUMBERS.get(asked["having"], ())}
    values |= reachable.tally(sample) if asked["of"] == "pdfs" else {}
    verdict, reason, shown = Verdict.CANT_TELL, "share_unseen", [*have, *lack]
    if seen >= asked.get("count", 1):
        if len(have) >= asked["at_least"] * seen - 1e-9:
            verdict, reason, shown = Verdict.PASSED, "share_reached", have
        elif site.capture.visit.thorough or asked["of"] in ("home", "rendered"):
            verdict, reason, shown = Verdict.FAILED, "share_missed", lack
        else:
            reason = "not_thorough"  # the pages that were not read may be the better ones
    return [
        Finding(
            criterion=criterion.id,
            aspect=OFFERED,
            verdict=verdict,
            reason=reason,
            values=values,
            depth=0 if verdict is Verdict.CANT_TELL else 2,
            evidence=tuple(_evidence(page, site, asked if shown is lack else {}) for page in shown[:_MAX_EVIDENCE]),
        )
    ]


def _evidence(page: Page, site: Site, lacking: Asked) -> Evidence:
    """The page, with words to know it by; where it lacks the quality, with the element or the sentence that shows it best."""
    having = lacking.get("having", "")
    for element in tried.elements(page, having)[:1]:
        return evidence_of(page, shorten(element.snippet, 200)).model_copy(update={"selector": element.selector})
    text = _running(page, site, lacking) if having == "plain" else None
    return evidence_of(page, shorten(text[1].longest, 200) if text else _words_of(page))


def _words_of(page: Page) -> str:
    """Words by which a person knows the page or file again."""
    if page.facts is not None:
        lines = (line for section in page.facts.sections for line in section.text.split("\n"))
        return shorten(page.facts.title or next(filter(None, lines), ""), 200)
    return shorten(opening(page.document) or page.document.title, 200) if page.document is not None else ""


# Samples ---


def _home(site: Site) -> list[Page]:
    return [page for page in site.capture.pages[:1] if page in site.pages and not site.is_unfilled(page)]


def _pages(site: Site) -> list[Page]:
    return [page for page in site.pages if not page.delegated and not site.is_unfilled(page)]


def _pdfs(site: Site) -> list[Page]:
    files = (page for page in site.capture.pages if page.document is not None and page.document.kind == "pdf")
    return [page for page in files if is_readable(page) and not page.truncated and site.is_own(page.url)]


def _rendered(site: Site) -> list[Page]:
    return [page for page in site.pages if page.seen is not None and not page.delegated]


def _links(site: Site) -> list[Page]:
    """What the portal's own links lead to on the portal itself, where an answer came: there, or gone."""
    asked = (page for page in site.capture.pages if page.via and site.is_own(page.url))
    return [page for page in asked if page.problem is None or site.is_gone(page)]


_SAMPLES: dict[str, Callable[[Site], list[Page]]] = {
    "home": _home,
    "pages": _pages,
    "pdfs": _pdfs,
    "links": _links,
    "rendered": _rendered,
}


# Qualities: True, False, or None where a page does not tell ---


def _language(page: Page, site: Site, asked: Asked) -> bool:
    """A language is declared, and as far as the text tells it is the right one."""
    facts = page.facts
    if facts is None or not facts.language:
        return False
    written = {facts.detected, main_language(site)} - {""}
    return not written or facts.language in written


def _viewport(page: Page, site: Site, asked: Asked) -> bool:
    return page.facts is not None and _SMALL_SCREENS in page.facts.viewport.lower()


def _tagged(page: Page, site: Site, asked: Asked) -> bool:
    return page.document is not None and reachable.qualities(page.document) >= {"tagged", "text"}


def _works(page: Page, site: Site, asked: Asked) -> bool:
    return page.problem is None


def _plain(page: Page, site: Site, asked: Asked) -> bool | None:
    text = _running(page, site, asked)
    return None if text is None else GRADES.index(text[0].grade(text[0].score(text[1]))) >= GRADES.index(asked["grade"])


def _running(page: Page, site: Site, asked: Asked) -> tuple[Measure, Counts] | None:
    """The counts of a page's running text with the measure of its language; None where there is too little, or no measure."""
    measure = site.catalog.readability.get(page.facts.detected) if page.facts else None
    if measure is None or site.is_stub(page):
        return None
    counts = count(site.body(page).lines, measure, asked["line_words"])
    return (measure, counts) if counts.words >= asked["words"] and counts.sentences >= asked["sentences"] else None


_QUALITIES: dict[str, Callable[[Page, Site, Asked], bool | None]] = {
    "language": _language,
    "viewport": _viewport,
    "tagged": _tagged,
    "works": _works,
    "plain": _plain,
    "light": lambda page, site, asked: tried.is_light(page, asked),
    "reflow": lambda page, site, asked: tried.fits_narrow(page, asked),
    "keyboard": lambda page, site, asked: tried.obeys_keyboard(page, asked),
}
