"""One file in, its facts out, whatever the file is."""

import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from audits.documents import cms
from audits.documents.data import read_archive, read_csv, read_json, read_xml
from audits.documents.encodings import MAX_TEXT
from audits.documents.kinds import SIGNED_ENDINGS, is_page, kind_of
from audits.documents.office import LockedError, read_slides, read_word
from audits.documents.pdf import read_pdf
from audits.documents.sheets import read_sheet
from audits.languages import detect_language, primary
from audits.periods import period_of
from crawler.capture import DocumentFacts, Signature

_READERS: dict[str, Callable[[bytes, DocumentFacts], None]] = {
    "pdf": read_pdf,
    "word": read_word,
    "slides": read_slides,
    "sheet": read_sheet,
    "csv": read_csv,
    "json": read_json,
    "xml": read_xml,
    "archive": read_archive,
}
_SIGNED_TYPES = ("pkcs7-mime", "pkcs7-signature")
_BEFORE_NUMBER = re.compile(r"(?<=[^\W\d])-(?=\d)")
_TOLD_BY, _LONGEST_NAME = 1000, 300
_PROSE = frozenset({"pdf", "word", "slides"})


def read_document(body: bytes, url: str, media_type: str) -> DocumentFacts:
    """Facts of a file. Never raises: a file that cannot be opened is `broken`, one that asks for a password `encrypted` as well.

    `url` gives the name of the file, `media_type` is the header's ("" where none). Of a file that is cut short the first part
    is read.
    """
    inner, signatures = _unwrapped(body, url, media_type)
    facts = DocumentFacts(kind_of(url, "" if signatures else media_type, inner), signatures=signatures)
    if not inner or is_page(inner, url, media_type):
        facts.broken = True
        return facts
    reader = _READERS.get(facts.kind)
    try:
        if reader is not None:
            reader(inner, facts)
    except LockedError:
        facts.encrypted = facts.broken = True
    except Exception:
        # Files of portals break parsers in every way there is; whatever the way, the fact is the same.
        facts.broken = True
    facts.machine_readable = facts.machine_readable and not facts.broken
    facts.signatures = facts.signatures or signatures
    facts.text = facts.text[:MAX_TEXT]
    facts.declared = primary(facts.language)
    facts.language = facts.declared or (detect_language(facts.text[:_TOLD_BY]) if facts.kind in _PROSE else "")
    facts.period = period_of(facts.title, _name(url), facts.text)
    return facts


def _name(url: str) -> str:
    """The name of the file as people gave it, its words parted by blanks."""
    try:
        stem = unquote(urlsplit(url).path.rsplit("/", 1)[-1], errors="replace").rsplit(".", 1)[0]
    except ValueError:
        return ""
    return _BEFORE_NUMBER.sub(" ", stem[:_LONGEST_NAME].replace("_", " ").replace("+", " "))


def _unwrapped(body: bytes, url: str, media_type: str) -> tuple[bytes, tuple[Signature, ...]]:
    """The document inside a signed message (`acta.pdf.p7m`) and its signatures; the bytes as they are where it is none.

    A detached signature holds no document, so nothing can be verified and it stays a file of another kind.
    """
    path = url.partition("?")[0].lower()
    if not path.endswith(tuple(f".{ending}" for ending in SIGNED_ENDINGS)) and not any(t in media_type for t in _SIGNED_TYPES):
        return body, ()
    try:
        signed = cms.load(body)
    except cms.UnverifiableError:
        return body, ()
    content = cms.content_of(signed)
    if not content:
        return body, ()
    found = cms.signers(signed, cms.digest_of(content))
    return content, tuple(Signature(one.name, one.issuer, one.intact, True, one.at) for one in found)
