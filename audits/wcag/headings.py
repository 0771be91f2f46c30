"""Headings that say nothing of what stands under them (WCAG 2.2, 2.4.6): what an editor or a theme left there."""

import re
from collections.abc import Iterable

from audits.site import Site
from audits.wcag.wording import answer, languages_of, numberless, phrases, plain, told, voiced_of
from crawler.capture import Page, RuleResult

RULE = "heading_descriptive"
_FILE = re.compile(r"[^\s/]+\.(?:jpe?g|png|gif|webp|svg|bmp|tiff?|pdf|docx?|xlsx?|pptx?|html?|php|aspx?)", re.I)


def is_file_name(text: str) -> bool:
    """Whether a text is nothing but the name of a file."""
    return _FILE.fullmatch(text.strip()) is not None


def headings(page: Page, site: Site) -> Iterable[RuleResult]:
    """A heading is what it is filled with before anyone writes one, or the name of a file."""
    asked = [each for each in voiced_of(page, "heading") if plain(each.name)]
    failed, unsure = [], []
    for each in asked:
        languages, name = languages_of(page, site, each.language), plain(each.name)
        known = phrases(site, "generic_headings", languages)
        if name in known or numberless(name) in known or is_file_name(each.name):
            failed.append(told(each))
        elif name in phrases(site, "vague_headings", languages):
            unsure.append(told(each))
    return answer(RULE, len(asked), failed, unsure) if page.seen and page.seen.voiced else ()
