"""Two proofs by what a place leads to: data that programs can reuse, and recordings or streams.

A table that was printed or scanned is no data; a video is a recording of sessions only where words of sessions stand with it.
"""

from urllib.parse import urlsplit

from audits.dates import find_dates
from audits.finders.files import OPEN, Proof, Wanted, is_readable, opening
from audits.once import once_per_site
from audits.services import provider_uses
from audits.site import Scope, Site
from audits.text import normal, shorten
from crawler.capture import DocumentFacts, Link, Page

_DATA_KINDS = frozenset({"csv", "json", "xml", "sheet"})
_DATA_FILES = (".csv", ".json", ".geojson", ".xml", ".ods", ".xlsx", ".xls", ".parquet", ".dbf", ".sav")
_RECORDINGS = (".mp4", ".m4v", ".webm", ".ogv", ".mov", ".avi", ".mp3", ".m4a", ".ogg", ".oga", ".wav", ".aac")
_WAYS = frozenset({"a", "area", "onclick", "iframe", "frame", "embed"})
_PLATFORMS = {"data": frozenset({"opendata", "data_portal"}), "video": frozenset({"video"})}


def data(scope: Scope, wanted: Wanted, site: Site) -> Proof | None:
    """A file of records that was read, or a link to a platform of open data."""
    found = [proof for link in scope.links if (proof := data_behind(scope.page, link, wanted, site)) is not None]
    if not found:
        return None
    best = found[0]
    best.dated = [text for proof in found for text in proof.dated] + list(scope.lines)
    return best


def proof_behind(source: Page, link: Link, wanted: Wanted, site: Site) -> Proof | None:
    """Proof by what a link that bears the thing's name leads to, where the thing is data or recordings."""
    for kind, behind in (("data", data_behind), ("video", video_behind)):
        proof = behind(source, link, wanted, site) if kind in wanted.holds else None
        if proof is not None:
            return proof
    return None


def data_behind(source: Page, link: Link, wanted: Wanted, site: Site) -> Proof | None:
    """Proof by what one link of `source` leads to: records, or a catalogue."""
    if link.kind not in _WAYS:
        return None
    page = site.target(link)
    if page is not None and page.document is not None:
        if not is_readable(page) or not _is_data(page.document):
            return None
        dated = [link.text, link.context, page.url.rsplit("/", 1)[-1], page.document.text[:4000]]
        return Proof("data", page, shorten(opening(page.document), 200), OPEN, dated, (source, shorten(link.text, 200)))
    if _platforms(site).get(link.url) in _PLATFORMS["data"]:
        return Proof("data", source, shorten(link.text or link.url, 200), OPEN, [link.text, link.context])
    return None


def _is_data(document: DocumentFacts) -> bool:
    if document.kind == "archive":
        return any(name.lower().endswith(_DATA_FILES) for name in document.members)
    return document.kind in _DATA_KINDS


def video(scope: Scope, wanted: Wanted, site: Site) -> Proof | None:
    """Recordings or streams: links and frames to where they are kept, or what the page plays itself."""
    found = [proof for link in scope.links if (proof := video_behind(scope.page, link, wanted, site)) is not None]
    facts = scope.facts
    if not found and facts.media and _of_sessions(" ".join([facts.title, *scope.lines[:5]]), site):
        found = [Proof("video", scope.page, shorten(scope.lines[0] if scope.lines else facts.title, 200), OPEN)]
    if not found:
        return None
    best = found[0]
    best.dated = [text for proof in found for text in proof.dated] + list(scope.lines)
    return best


def video_behind(source: Page, link: Link, wanted: Wanted, site: Site) -> Proof | None:
    """Proof by what one link of `source` leads to: a recording that words of sessions stand with."""
    if link.kind not in _WAYS or not _of_sessions(_words_with(source, link), site):
        return None
    kept = _platforms(site).get(link.url) in _PLATFORMS["video"]
    if not (kept or _is_own_recording(link, site) or _is_dated_session(link, site)):
        return None
    return Proof("video", source, shorten(link.text or link.url, 200), OPEN, [link.text, link.context])


def _is_own_recording(link: Link, site: Site) -> bool:
    page = site.target(link)
    answers = page is not None and page.problem is None and page.status < 400
    return answers and urlsplit(link.url).path.lower().endswith(_RECORDINGS)


def _is_dated_session(link: Link, site: Site) -> bool:
    """Whether a link calls itself the session of a day and leads to another host: under the name of recordings, one of them."""
    return site.state_of(link) == "external" and _of_sessions(link.text, site) and bool(find_dates(f"{link.text} {link.context}"))


def _words_with(source: Page, link: Link) -> str:
    facts = source.facts
    heading = facts.sections[link.section].heading if facts and link.section < len(facts.sections) else ""
    return f"{link.text} {link.context} {heading} {facts.title if facts else ''}"


def _of_sessions(words: str, site: Site) -> bool:
    return bool(site.sign("session").find(normal(words[:600])))


@once_per_site
def _platforms(site: Site) -> dict[str, str]:
    """The kind of platform behind each URL that one of the known ones has, by URL."""
    kinds = frozenset().union(*_PLATFORMS.values())
    return {use.url: use.provider.kind for use in provider_uses(site) if use.provider.kind in kinds}
