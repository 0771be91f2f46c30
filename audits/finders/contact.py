"""The search for contact details: a telephone or an e-mail, and a street address, anywhere on the site."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from audits.finders.files import evidence_of
from audits.lexicon import Phrases
from audits.model import OFFERED, Criterion, Evidence, Finding, Verdict
from audits.site import Scope, Site
from audits.text import normal, shorten
from crawler.capture import Page

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{2,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w./-])\+?\(?\d[\d\s().-]{5,18}\d(?![\w/-])")
_EXAMPLE_HOSTS = ("example.com", "example.org", "domain.com", "email.com")


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    extra = sorted(set(criterion.find) - {"search"})
    return [f"find has unknown settings: {', '.join(extra)}; the search contact takes none."] if extra else []


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """Passed with both a telephone or e-mail and an address; failed only after a thorough visit."""
    reach = next(_reaches(site), None)
    address = next(_addresses(site), None)
    if reach and address:
        evidence = tuple(dict.fromkeys(evidence_of(*hit) for hit in (address, reach)))
        values = {"name": f"{address[1]} · {reach[1]}"}
        return [_finding(criterion, Verdict.PASSED, "contact_found", values, 2, evidence)]
    if not site.capture.visit.thorough:
        return [_finding(criterion, Verdict.CANT_TELL, "not_thorough", {}, 0, ())]
    partial = tuple(evidence_of(*hit) for hit in (reach, address) if hit)
    if partial:
        return [_finding(criterion, Verdict.FAILED, "contact_incomplete", {"name": partial[0].quote}, 1, partial)]
    return [_finding(criterion, Verdict.FAILED, "nothing_found", {"pages": str(len(site.pages))}, 0, ())]


def _finding(
    criterion: Criterion, verdict: Verdict, reason: str, values: dict[str, str], depth: int, evidence: tuple[Evidence, ...]
) -> Finding:
    return Finding(
        criterion=criterion.id, aspect=OFFERED, verdict=verdict, reason=reason, values=values, depth=depth, evidence=evidence
    )


def _lines(site: Site) -> Iterator[tuple[Page, list[str]]]:
    """Lines of the entity's own pages, those that name contact first, then in order of fetching."""
    own = [page for page in site.pages if not page.delegated and not site.is_stub(page)]
    own.sort(key=lambda page: "contact_details" not in site.subjects(page))
    for page in own:
        yield page, [line for section in (page.facts.sections if page.facts else ()) for line in section.text.split("\n") if line]


def _reaches(site: Site) -> Iterator[tuple[Page, str]]:
    for page, lines in _lines(site):
        for i, line in enumerate(lines):
            if email_in(line) or phone_in(line, lines[i - 1] if i else "", site):
                yield page, shorten(line, 150)
        for link in page.facts.links if page.facts else ():
            if link.url.startswith(("tel:", "mailto:")) and len(link.url) > 10:
                yield page, shorten(link.text or link.url, 150)


def _addresses(site: Site) -> Iterator[tuple[Page, str]]:
    for page, lines in _lines(site):
        for i in near_signs(lines, site.sign("address")):
            line = lines[i]
            following = lines[i + 1] if i + 1 < len(lines) else ""
            if is_address(line, site):
                yield page, shorten(line, 150)
            elif len(line) < 60 and is_address(f"{line} {following}", site):
                yield page, shorten(f"{line} {following}", 150)


def near_signs(lines: list[str], signs: Phrases) -> list[int]:
    """The lines that, alone or with the one that follows, hold a sign: all are searched in one go, because few do."""
    texts = [normal(line) for line in lines]
    starts = list(accumulate((len(text) + 1 for text in texts if text), initial=0))
    spoken = [i for i, text in enumerate(texts) if text]
    near: set[int] = set()
    for hit in signs.find(" ".join(filter(None, texts))):
        at = spoken[bisect_right(starts, hit.start) - 1]
        near.update((at - 1, at))
    return sorted(near - {-1})


def email_in(line: str) -> bool:
    """Whether a line holds an e-mail address that is no example."""
    return "@" in line and any(not email.lower().endswith(_EXAMPLE_HOSTS) for email in _EMAIL.findall(line))


def phone_in(line: str, before: str, site: Site) -> bool:
    """Whether a line holds a telephone number that is announced as one, there or on the line before."""
    if not any(6 <= sum(c.isdigit() for c in number) <= 15 for number in _PHONE.findall(line)):
        return False
    signs = site.sign("telephone")
    return bool(signs.find(normal(line[:300])) or signs.find(normal(before[-80:])))


def is_address(line: str, site: Site) -> bool:
    """Whether a line holds a street word, a name after it, and a number (or a number-less mark) near."""
    if len(line) > 400:
        return False
    text = normal(line)
    unnumbered = site.sign("no_number")
    for hit in site.sign("address").find(text):
        before, after = text[: hit.start].split()[-4:], text[hit.end + 1 : hit.end + 70].split()
        if len(after) >= 2 and any(c.isalpha() for c in after[0]) and _numbered(after[1:], unnumbered, " ".join(after)):
            return True
        # English and French write the number first: "12 Flower Street", "3 avenue Victor Hugo".
        if any(word.isdigit() and len(word) <= 4 for word in before) and len(before) + len(after) >= 2:
            return True
    return False


def _numbered(words: list[str], unnumbered: Phrases, text: str) -> bool:
    return any(word.isdigit() for word in words) or bool(unnumbered.find(text))


def has_contact(scope: Scope, site: Site) -> bool:
    """Whether a part of a page, without the site's template, tells a telephone, an e-mail or an address."""
    lines = scope.lines
    if any(link.url.startswith(("mailto:", "tel:")) for link in scope.links):
        return True
    return any(
        email_in(line) or phone_in(line, lines[i - 1] if i else "", site) or is_address(line, site)
        for i, line in enumerate(lines)
    )
