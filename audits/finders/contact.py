"""The search for contact details: a telephone or an e-mail, and a street address, anywhere on the site."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from itertools import accumulate
from typing import NamedTuple

from audits.finders.files import evidence_of
from audits.lexicon import Hit, Phrases
from audits.model import OFFERED, Criterion, Evidence, Finding, Verdict
from audits.once import once_per_site
from audits.site import Scope, Site
from audits.text import normal, shorten
from crawler.capture import Link, Page

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{2,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w./-])\+?\(?\d[\d\s().-]{5,18}\d(?![\w/-])")
_DIGITS = re.compile(r"\d[\d\s().-]{5}")
"""What every telephone number holds, and what is found sooner than one."""
_MESSAGE = re.compile(r"https?://(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?(?:[^#]*&)?phone=)(?:\+|%2B)?(\d+)", re.I)
"""The address of a chat with the number of somebody."""
_COUNTED = "01234567890"
_TOKEN = re.compile(r"\w+(?:['’]\w+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NEAR, _SMALL, _SHORT = 9, 3, 20
"""Words: how far a number may stand from its street; letters of a small word; words of a line with little else in it."""
_RUN = 7
"""Digits in a row, one counted on from the other, that no real number has: templates come with them."""


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
    """Lines of the entity's own pages but news, those that name contact first, then in order of fetching."""
    own = [page for page in site.pages if not (page.delegated or site.is_stub(page) or site.is_news_item(page))]
    own.sort(key=lambda page: "contact_details" not in site.subjects(page))
    for page in own:
        yield page, [line for section in (page.facts.sections if page.facts else ()) for line in section.text.split("\n") if line]


def _reaches(site: Site) -> Iterator[tuple[Page, str]]:
    for page, lines in _lines(site):
        for i, line in enumerate(lines):
            if email_in(line, site) or phone_in(line, lines[i - 1] if i else "", site):
                yield page, shorten(line, 150)
        for link in page.facts.links if page.facts else ():
            if reaches(link, site):
                yield page, shorten(link.text or link.url, 150)


def _addresses(site: Site) -> Iterator[tuple[Page, str]]:
    for page, lines in _lines(site):
        near = (near_signs(lines, site.sign(name)) for name in ("address_label", "address", "postal_code"))
        for i in sorted({at for lines_near in near for at in lines_near}):
            line = lines[i]
            following = lines[i + 1] if i + 1 < len(lines) else ""
            if is_address(line, site):
                yield page, shorten(line, 150)
            elif len(line) < 60 and not is_address(following, site) and _is_parted(line, following, site):
                yield page, shorten(f"{line} {following}", 150)


def _is_parted(line: str, following: str, site: Site) -> bool:
    """Whether an address goes from one line to the next, or its label stands on a line of its own."""
    return is_address(f"{line} {following}", site) or is_labelled(line.rstrip(" :"), following, site)


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


def emails_in(line: str, site: Site) -> list[str]:
    """E-mail addresses in a line; none where it is what a template came with ("info@example.com")."""
    found = _EMAIL.findall(line) if "@" in line else []
    return [] if found and is_demo(line, site) else found


def email_in(line: str, site: Site) -> bool:
    """Whether a line holds an e-mail address that is no example."""
    return bool(emails_in(line, site))


def phone_in(line: str, before: str, site: Site) -> bool:
    """Whether a line holds a telephone number that is announced as one, there or on the line before."""
    if not phones_in(line, site):
        return False
    signs = site.sign("telephone")
    return bool(signs.find(normal(line[:300])) or signs.find(normal(before[-80:])))


def phones_in(line: str, site: Site) -> list[str]:
    """What may be telephone numbers in a line, as they stand there; none where templates come with the line."""
    found = [number for number in _PHONE.findall(line) if _may_be_phone("".join(filter(str.isdigit, number)))]
    return [] if found and is_demo(line, site) else found


def _may_be_phone(digits: str) -> bool:
    return 6 <= len(digits) <= 15 and not _is_made_up(digits)


def _is_made_up(number: str) -> bool:
    """Whether digits are all the same, or counted: 000000000, 1234567890."""
    return len(set(number)) == 1 or any(_COUNTED[i : i + _RUN] in number for i in range(len(_COUNTED) - _RUN + 1))


def is_demo(line: str, site: Site) -> bool:
    """Whether a line is what templates come with in the place of a telephone, an e-mail or an address."""
    return bool(site.sign("demo_contact").find(normal(line[:400])))


def reaches(link: Link, site: Site) -> bool:
    """Whether a link opens a letter or a call to somebody."""
    scheme, _, whom = link.url.partition(":")
    if scheme == "mailto":
        return email_in(whom, site)
    message = _MESSAGE.match(link.url)
    digits = message[1] if message else "".join(filter(str.isdigit, whom))
    return (scheme == "tel" or message is not None) and _may_be_phone(digits) and not is_demo(link.text, site)


def is_address(line: str, site: Site) -> bool:
    """Whether a line holds a street word, a name after it, and a number (or what stands for one) near; or a postal code."""
    if len(line) > 400 or is_demo(line, site):
        return False
    if is_labelled(*line.partition(":")[::2], site) or _is_posted(line, site):
        return True
    text = normal(line)
    named = _named_words(line, text)
    milestones = {hit.start for hit in site.sign("milestone").find(text)}
    for hit in site.sign("address").find(text):
        if hit.start in milestones and not _is_milestone(text, hit):
            continue
        first, last = (len(text[:at].split()) for at in (hit.start, hit.end))
        if _leads_to_number(named[max(first - 4, 0) : first], named[last : last + _NEAR], site):
            return True
    return False


def _named_words(line: str, text: str) -> list[tuple[str, bool]]:
    """The words of a line, each with whether it may be part of a name: all of them where nothing tells names from others."""
    told = not (line.islower() or line.isupper())
    words = [(word, not told or token[:1].isupper()) for token in _TOKEN.findall(line) for word in normal(token).split()]
    return words if [word for word, _ in words] == text.split() else [(word, True) for word in text.split()]


def _leads_to_number(before: list[tuple[str, bool]], after: list[tuple[str, bool]], site: Site) -> bool:
    """Whether a name and a number follow a street word, and nothing but small words between: "Av. Grau 120"."""
    words: list[str] = []
    for word, named in after:
        known = named or word.isdigit() or len(word) <= _SMALL or bool(site.sign("no_number").find(word))
        if not known or _YEAR.fullmatch(word):
            break
        words.append(word)
    numbers = [word for word in words if word.isdigit() and len(word) <= 5]
    names = {word for word, named in after if named and word.isalpha()}
    # What stands for a number ("contiguo a la plaza") follows the name at once.
    said = " ".join(word for word, _ in after[: len(words) + 3])
    numbered = bool(numbers) or any(said[: hit.start].count(" ") <= len(words) for hit in site.sign("no_number").find(said))
    if numbered and names.intersection(words) and words[0].isalpha():
        return True
    # Streets may be numbered themselves: "Carrera 4 # 5-32", "6a Avenida 13-71".
    if words[:1] and words[0].isdigit() and len([word for word in words[:4] if word in numbers]) >= 2:
        return True
    # English and French write the number first: "12 Flower Street", "3 avenue Victor Hugo".
    firsts = [at for at, (word, _) in enumerate(before) if word.isdigit() and len(word) <= 4 and not _YEAR.fullmatch(word)]
    return bool(firsts) and all(named for _, named in before[firsts[-1] + 1 :]) and len(before) + len(after) >= 2


def _is_posted(line: str, site: Site) -> bool:
    """Whether a short line gives a postal code after a name and a number: "Belgrano 545, CP 2000"."""
    text = normal(line)
    codes = site.sign("postal_code").find(text)
    if not codes or text.count(" ") > _SHORT or not text[codes[0].end + 1 :][:1].isdigit():
        return False
    before = text[: codes[0].start].split()
    numbered = any(word.isdigit() for word in before[1:]) or bool(site.sign("no_number").find(" ".join(before)))
    return numbered and any(word.isalpha() and len(word) > _SMALL for word in before)


def _is_milestone(text: str, hit: Hit) -> bool:
    """Whether a word such as "km" counts from where a road begins ("km 5") and not how long something is ("5 km")."""
    before, after = text[: hit.start].split()[-1:], text[hit.end + 1 :].split()[:1]
    return bool(after) and after[0].isdigit() and not (before and before[0].isdigit())


def is_labelled(label: str, rest: str, site: Site) -> bool:
    """Whether a label says that what follows is an address, and it is a name with a number: "Dirección: Arturo Prat 455"."""
    words = normal(rest[:80]).split()
    numbered = any(word.isdigit() and len(word) <= 5 for word in words[1:8]) or bool(site.sign("no_number").find(" ".join(words)))
    named = normal(label[-30:])
    hits = site.sign("address_label").find(named) if numbered and words[0].isalpha() else []
    return any(hit.end == len(named) for hit in hits)


def has_contact(scope: Scope, site: Site, channels: Collection[str]) -> bool:
    """Whether a part of a page, without the site's template, tells a "telephone", an "email" or an "address", as far as asked."""
    lines = scope.lines
    schemes = ("mailto:",) * ("email" in channels) + ("tel:", "http") * ("telephone" in channels)
    if schemes and any(link.url.startswith(schemes) and reaches(link, site) for link in scope.links):
        return True
    return any(
        ("email" in channels and email_in(line, site))
        or ("telephone" in channels and phone_in(line, lines[i - 1] if i else "", site))
        or ("address" in channels and is_address(line, site))
        for i, line in enumerate(lines)
    )


class ContactLine(NamedTuple):
    """A line of a page that holds an e-mail address or digits that may be a telephone."""

    page: Page
    text: str


@once_per_site
def contact_lines(site: Site) -> list[ContactLine]:
    """The distinct lines of own pages with an e-mail address or a number in them, the first page that bears each."""
    found: dict[str, ContactLine] = {}
    for page in site.pages:
        if page.facts is None or page.delegated or site.is_stub(page):
            continue
        for section in page.facts.sections:
            for line in section.text.split("\n"):
                if line not in found and len(line) < 400 and ("@" in line or (_DIGITS.search(line) and _PHONE.search(line))):
                    found[line] = ContactLine(page, line)
    return list(found.values())
