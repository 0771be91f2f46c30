"""Frames with one name that hold different things (WCAG 2.2, 4.1.2): who hears the name cannot choose between them."""

from collections.abc import Iterable
from itertools import combinations
from urllib.parse import parse_qs, urlsplit

from audits.site import Site
from audits.wcag.wording import answer, plain, told, voiced_of
from crawler.capture import Element, Page, RuleResult, Voiced

RULE = "frames_alike"
_MOST = 30


def frames(page: Page, site: Site) -> Iterable[RuleResult]:
    """Two frames have the same name; sure are only two videos of a platform, which are told apart by their address."""
    asked = [each for each in voiced_of(page, "iframe", "frame") if plain(each.name)][:_MOST]
    pairs = [(one, other) for one, other in combinations(asked, 2) if plain(one.name) == plain(other.name)]
    failed: list[Element] = []
    unsure: list[Element] = []
    for one, other in pairs:
        if _address(one) != _address(other):
            (failed if _is_video(one, site) and _is_video(other, site) else unsure).append(told(other))
    once = [list(dict.fromkeys(each)) for each in (failed, unsure)]
    return answer(RULE, len(pairs), *once) if page.seen and page.seen.voiced else ()


def _address(frame: Voiced) -> tuple[str, str, str]:
    """Host, path and the part of the query that names what is shown."""
    try:
        parts = urlsplit(frame.url)
    except ValueError:
        return ("", frame.url, "")
    return (parts.netloc.lower(), parts.path.rstrip("/"), repr(sorted(parse_qs(parts.query).get("v", ()))))


def _is_video(frame: Voiced, site: Site) -> bool:
    return any(provider.kind == "video" and provider.owns(frame.url) for provider in site.catalog.providers)
