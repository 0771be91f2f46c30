"""Titles of pages that do not tell them apart (WCAG 2.2, 2.4.2; failure F25): left by an editor, or the same on every page."""

from collections.abc import Iterable, Iterator

from audits.site import Site
from audits.text import normal
from audits.wcag.headings import is_file_name
from audits.wcag.wording import answer, languages_of, numberless, phrases, plain, without
from crawler.capture import Element, Page, PageFacts, Place, RuleResult

DESCRIPTIVE, SPREAD = "title_descriptive", "title_of_its_own"
_PAGES_ALIKE = 3
_SHORTEST_WORD = 4
_TOP = 2
_BESIDES = frozenset({Place.NAV, Place.FOOTER, Place.ASIDE})


def titles(page: Page, site: Site) -> Iterable[RuleResult]:
    """A title is what it is filled with before anyone writes one, or the name of a file."""
    facts, title = page.facts, page.facts.title if page.facts else ""
    if facts is None or (not page.sampled and page.seen is None):
        return ()
    languages, name = languages_of(page, site), plain(title)
    known = phrases(site, "generic_titles", languages)
    nothing = bool(name) and (not without(name, known) or numberless(name) in known or is_file_name(title))
    bare = bool(name) and not without(name, phrases(site, "bare_titles", languages))
    shown = [Element("title", f"<title>{title[:200]}</title>", title[:200])]
    return answer(DESCRIPTIVE, int(bool(name)), shown if nothing else (), shown if bare and not nothing else ())


def own_titles(page: Page, site: Site) -> Iterable[RuleResult]:
    """A page with a subject of its own has the title of home and of others that speak of something else."""
    if page.facts is None or len(site.pages) < _PAGES_ALIKE or not normal(page.facts.title):
        return ()
    home = site.pages[0]
    title = normal(page.facts.title)
    alike = [one for one in site.pages if one.facts and not one.delegated and normal(one.facts.title) == title]
    if page is home or page.delegated or home not in alike:
        return answer(SPREAD, 1, ())
    subjects = {subject for one in alike if one is not home and (subject := _subject(one, site))}
    shown = [Element("title", f"<title>{page.facts.title[:200]}</title>", page.facts.title[:200])]
    own = _subject(page, site)
    sure = bool(own) and len(subjects) >= _PAGES_ALIKE - 1
    return answer(SPREAD, 1, shown if sure else (), () if sure else shown)


def _subject(page: Page, site: Site) -> str:
    """The main heading of a page, normalised, where its title says nothing of it and other pages have another."""
    facts = page.facts or PageFacts()
    title = {word for word in normal(facts.title).split() if len(word) >= _SHORTEST_WORD}
    first = next(_tops(facts, site), "")
    words = {word for word in first.split() if len(word) >= _SHORTEST_WORD and not word.isdigit()}
    return first if words and not words & title else ""


def _tops(facts: PageFacts, site: Site) -> Iterator[str]:
    """The highest headings of the main part that are not the template's."""
    for section in facts.sections:
        top = 0 < section.level <= _TOP and section.place not in _BESIDES
        if top and section.heading and not site.is_template_line(section.heading):
            yield normal(section.heading)
