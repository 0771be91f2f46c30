"""The search for ways to pay without the network: an account, a counter or an agent, in a sentence that speaks of paying.

Settings in `[find]`: `content`, those of the search content, for places that bear the criterion's name; `near`, how many words
may stand between paying and the place where one pays. The words are the lists of signs `paying`, `not_paying`, `pay_places`,
`bank_accounts` and `payees`: a sentence that speaks of those whom the body itself pays says nothing of how to pay it.
"""

import re
from collections.abc import Iterator

from audits.finders import presence
from audits.finders.contact import near_signs
from audits.finders.files import evidence_of
from audits.finders.offers import offered, unknown_settings
from audits.model import Criterion, Finding, Verdict
from audits.site import Site
from audits.text import normal, shorten
from crawler.capture import Page

_PLACES = ("pay_places", "bank_accounts")
_LONGEST_LINE = 500
_ACCOUNT = re.compile(r"(?<![\w/.-])\d[\d\s.-]{5,30}\d(?![\w/])")
_LEAST_DIGITS, _MOST_DIGITS = 7, 24


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    mistakes = unknown_settings(criterion, ("content", "near"))
    if not isinstance(criterion.find.get("near"), int) or criterion.find["near"] < 1:
        mistakes.append("find.near must be a number of words, at least 1.")
    return mistakes + (presence.check(_named(criterion)) if "content" in criterion.find else ["find.content is missing."])


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """Passed with a place that bears the name and tells where, or with a sentence that says where to pay."""
    named = presence.find(_named(criterion), site)
    if named[0].verdict is Verdict.PASSED:
        return named
    for page, line in _sentences(criterion, site):
        quote = shorten(line, 200)
        return offered(criterion, "found", [evidence_of(page, quote)], {"name": quote})
    return named


def _named(criterion: Criterion) -> Criterion:
    return criterion.model_copy(update={"find": {"search": "presence", "content": criterion.find["content"]}})


def _sentences(criterion: Criterion, site: Site) -> Iterator[tuple[Page, str]]:
    for page in site.pages:
        if page.delegated or site.is_stub(page) or site.is_news_item(page):
            continue
        lines = [line for line in site.body(page).lines if len(line) <= _LONGEST_LINE]
        # Few lines speak of counters or accounts, so all are asked in one go.
        likely = {at for name in _PLACES for at in near_signs(lines, site.sign(name))}
        for i in sorted(likely):
            line = lines[i]
            if site.sign("payees").keys(" ".join(lines[max(i - 1, 0) : i + 1])):
                continue
            if _says_where(line, criterion.find["near"], site) or _gives_account(line, lines[max(i - 2, 0) : i], site):
                yield page, line


def _says_where(line: str, near: int, site: Site) -> bool:
    """Whether a line speaks of paying and, a few words off, of a counter or an agent."""
    text = normal(line)
    places = site.sign("pay_places").find(text)
    if not places:
        return False
    denied = site.sign("not_paying").find(text)
    for hit in site.sign("paying").find(text):
        if any(other.start < hit.end and hit.start < other.end for other in denied):
            continue
        for place in places:
            between = text[hit.end : place.start] if place.start >= hit.end else text[place.end : hit.start]
            if len(between.split()) <= near:
                return True
    return False


def _gives_account(line: str, before: list[str], site: Site) -> bool:
    """Whether a line gives the number of an account, and it or one of the two before it speaks of paying."""
    account = normal(line)
    if not site.sign("bank_accounts").find(account) or not _has_number(line):
        return False
    text = normal(" ".join([*before, line]))
    denied = site.sign("not_paying").find(text)
    return any(
        not any(other.start < hit.end and hit.start < other.end for other in denied) for hit in site.sign("paying").find(text)
    )


def _has_number(line: str) -> bool:
    digits = (sum(c.isdigit() for c in number) for number in _ACCOUNT.findall(line))
    return any(_LEAST_DIGITS <= count <= _MOST_DIGITS for count in digits)
