"""Labels of fields that do not say what to fill in (WCAG 2.2, 2.4.6), and messages that do not say what is wrong (3.3.1)."""

from collections.abc import Iterable
from itertools import pairwise

from audits.site import Site
from audits.wcag.wording import answer, attribute, languages_of, numberless, phrases, plain, told, voiced_of, without
from crawler.capture import Page, RuleResult, Voiced

LABELS, ERRORS = "label_descriptive", "error_descriptive"
_WRITTEN = ("textbox", "searchbox", "spinbutton", "date", "datetime", "time", "inputtime")
_FIELDS = (*_WRITTEN, "combobox", "checkbox", "radio", "listbox", "slider", "switch", "colorwell")


def labels(page: Page, site: Site) -> Iterable[RuleResult]:
    """A field is called by what it is, not by what belongs in it; two that follow each other are called the same."""
    asked = [each for each in voiced_of(page, *_FIELDS) if plain(each.name)]
    failed = [each for each in asked if _says_nothing(each, page, site)]
    written = [each for each in asked if each.role.lower() in _WRITTEN and each.role.lower() != "searchbox"]
    twins = [
        other
        for one, other in pairwise(written)
        if (plain(one.name), one.context) == (plain(other.name), other.context) and other not in failed
    ]
    told_all = answer(LABELS, len(asked), [told(each) for each in failed], [told(each) for each in twins])
    return told_all if page.seen and page.seen.voiced else ()


def _says_nothing(field: Voiced, page: Page, site: Site) -> bool:
    """Whether neither the label nor what labels the field's group names anything to fill in."""
    languages = languages_of(page, site, field.language)
    known = phrases(site, "generic_labels", languages)
    if field.role.lower() in _WRITTEN:
        known |= phrases(site, "generic_text_labels", languages)
    name = plain(field.name)
    if name not in known and numberless(name) not in known:
        return False
    shown = (field.context, attribute(field.element, "title") or "", attribute(field.element, "placeholder") or "")
    return not attribute(field.element, "aria-describedby") and not any(without(plain(text), known | {name}) for text in shown)


def errors(page: Page, site: Site) -> Iterable[RuleResult]:
    """What describes a field marked as invalid says only that something is wrong."""
    asked = [
        each for each in voiced_of(page, *_FIELDS) if (attribute(each.element, "aria-invalid") or "false").lower() != "false"
    ]
    vague = []
    for each in asked:
        known = phrases(site, "vague_errors", languages_of(page, site, each.language))
        message = plain(each.context)
        if message and without(message, frozenset({plain(each.name)})) and not without(message, known | {plain(each.name)}):
            vague.append(told(each, each.context))
    return answer(ERRORS, len(asked), vague) if page.seen and page.seen.voiced else ()
