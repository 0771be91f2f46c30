"""Signatures in a PDF: every signature field that is filled, checked against the bytes it covers."""

import hashlib
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any, NamedTuple

import pikepdf

from audits.documents import cms
from crawler.capture import Signature

_MAX_FIELDS = 2000
_MAX_SIGNATURES = 20
_MAX_COMPARED = 4000
_DETACHED = frozenset({"/adbe.pkcs7.detached", "/ETSI.CAdES.detached", "/PBAD.PAdES"})
_DIGEST_INSIDE = "/adbe.pkcs7.sha1"
_PADDING = b"\r\n\t \x00"
_PDF_TIME = re.compile(r"D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?(?:Z|([+-])(\d\d)'?(\d\d)?)?")


class _Filled(NamedTuple):
    """A signature dictionary: the kind of its message, the message, and the spans of bytes that it covers."""

    kind: str
    message: bytes
    spans: tuple[tuple[int, int], ...]
    time: str


def read_signatures(pdf: pikepdf.Pdf, body: bytes) -> tuple[Signature, ...]:
    """The signatures of persons and bodies in field order; time stamps on the document only tell what is covered.

    Kinds of signature that cannot be verified are left out, and so are those whose bytes did not all come: nothing can be said
    of them.
    """
    filled = [one for one in _filled(pdf) if all(start >= 0 and start + size <= len(body) for start, size in one.spans)]
    whole = bool(filled) and _nothing_added(filled, body, len(pdf.objects))
    found: list[Signature] = []
    for one in filled[:_MAX_SIGNATURES]:
        with suppress(cms.UnverifiableError):
            found.extend(
                Signature(signer.name, signer.issuer, signer.intact, whole, signer.at or _time(one.time))
                for signer in _signers(one, body)
            )
    return tuple(found)


def _signers(one: _Filled, body: bytes) -> Iterator[cms.Signer]:
    signed = cms.load(one.message)
    if one.kind in _DETACHED:
        yield from cms.signers(signed, lambda algorithm: _digest(one, body, algorithm))
    elif one.kind == _DIGEST_INSIDE:
        held = cms.content_of(signed)
        same = held == _digest(one, body, "sha1")
        for signer in cms.signers(signed, cms.digest_of(held)):
            yield signer._replace(intact=signer.intact and same)


def _digest(one: _Filled, body: bytes, algorithm: str) -> bytes:
    machine = hashlib.new(algorithm)
    view = memoryview(body)
    for start, size in one.spans:
        machine.update(view[start : start + size])
    return machine.digest()


def _filled(pdf: pikepdf.Pdf) -> list[_Filled]:
    found: dict[tuple[int, int] | int, _Filled] = {}
    with suppress(pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError):
        for value in _values(pdf):
            with suppress(pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, KeyError):
                numbers = [int(number) for number in value["/ByteRange"]]
                message = bytes(value["/Contents"])
                if not message.strip(b"\x00"):
                    continue  # room that was kept for a signature which was never made
                spans = tuple(zip(numbers[::2], numbers[1::2], strict=True))
                key = value.objgen if value.is_indirect else len(found)
                found[key] = _Filled(str(value.get("/SubFilter", "")), message, spans, str(value.get("/M", "")))
    return list(found.values())


def _values(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Values of the signature fields, whose kind may be that of the field above."""
    form = pdf.Root.get("/AcroForm")
    queue = [(field, "") for field in (form.get("/Fields", []) if form is not None else [])][:_MAX_FIELDS]
    for _ in range(_MAX_FIELDS):
        if not queue:
            return
        field, above = queue.pop(0)
        kind = str(field.get("/FT", above))
        value = field.get("/V")
        if kind == "/Sig" and isinstance(value, pikepdf.Dictionary):
            yield value
        queue.extend((child, kind) for child in list(field.get("/Kids", []))[:_MAX_FIELDS])


def _nothing_added(filled: list[_Filled], body: bytes, objects: int) -> bool:
    """Whether the last signature covers the file from end to end, itself apart; or what follows only helps to check it."""
    last = max(filled, key=lambda one: one.spans[-1][0] + one.spans[-1][1])
    if len(last.spans) != 2 or last.spans[0][0] != 0:
        return False
    hole, end = slice(last.spans[0][1], last.spans[1][0]), sum(last.spans[1])
    written = re.sub(rb"\s", b"", body[hole])
    if not (written[:1] == b"<" and written[-1:] == b">" and written[1:-1].lower() == last.message.hex().encode()):
        return False
    return not body[end:].strip(_PADDING) or (objects <= _MAX_COMPARED and _adds_proof_only(body))


def _adds_proof_only(body: bytes) -> bool:
    """Whether what stands after the last signature is validation data (certificates, revocation answers, time stamps)."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel

    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it reports each difference it finds as an error of the program
    # Comparing revisions walks objects that anybody may have written; what it cannot compare is not proven to be harmless.
    with suppress(Exception):
        last = PdfFileReader(BytesIO(body), strict=False).embedded_signatures[-1]
        last.compute_integrity_info()
        result = last.diff_result
        return isinstance(result, DiffResult) and result.modification_level <= ModificationLevel.LTA_UPDATES
    return False


def _time(text: str) -> datetime | None:
    """A date of a PDF ("D:20260315093000-05'00'"), in UTC where no zone is told."""
    match = _PDF_TIME.match(text)
    if not match:
        return None
    sign = -1 if match[7] == "-" else 1
    zone = sign * timedelta(hours=int(match[8] or 0), minutes=int(match[9] or 0))
    try:
        moment = datetime(*(int(part or 0) for part in match.groups()[:6]), tzinfo=timezone(zone))  # type: ignore[misc,arg-type]
    except ValueError:
        return None
    return moment.astimezone(UTC)
