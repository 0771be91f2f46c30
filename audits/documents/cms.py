"""Cryptographic messages (CMS, PKCS #7): who signed, and whether the signed bytes still are what was signed.

Mathematics only: no certificate path is built, no revocation asked for, nothing fetched, and trust is not judged.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

from audits.text import squeeze

_MAX_SIGNERS = 20
_NAMES = ("common_name", "organization_name", "organizational_unit_name")
_PEM_MARK = b"-----"

Digest = Callable[[str], bytes]
"""The digest of the content under an algorithm of hashlib."""


class Signer(NamedTuple):
    """One signer of a message, as `crawler.capture.Signature` has it."""

    name: str
    issuer: str
    intact: bool
    at: datetime | None


class UnverifiableError(Exception):
    """The message is none, or signed in a way that cannot be checked here, so nothing can be said of it."""


def load(message: bytes) -> Any:
    """The signed data of a DER or PEM message. Raises UnverifiableError where it is none."""
    from asn1crypto import cms

    try:
        found = cms.ContentInfo.load(_der(message))
        if found["content_type"].native != "signed_data":
            raise UnverifiableError
        return found["content"]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise UnverifiableError from error


def content_of(signed: Any) -> bytes:
    """What a message holds beside its signatures, b"" for a detached one."""
    try:
        content = signed["encap_content_info"]["content"].native
    except (ValueError, TypeError, KeyError, RecursionError):
        return b""
    return content if isinstance(content, bytes) else b""


def signers(signed: Any, digest: Digest) -> Iterator[Signer]:
    """The signers of a message about content with that digest; those that cannot be checked are left out."""
    try:
        infos = list(signed["signer_infos"])[:_MAX_SIGNERS]
    except (ValueError, TypeError, KeyError, RecursionError):
        return
    for info in infos:
        # Certificates break the parser in as many ways as documents do; of such a signer nothing is said.
        with suppress(UnverifiableError, ValueError, TypeError, KeyError, AttributeError, NotImplementedError, RecursionError):
            certificate = _certificate(signed, info)
            names = name_of(certificate.subject), name_of(certificate.issuer)
            yield Signer(*names, _is_intact(signed, info, certificate, digest), _signing_time(info))


def digest_of(content: bytes) -> Digest:
    """The digests of one piece of content."""
    return lambda algorithm: hashlib.new(algorithm, content).digest()


def name_of(name: Any) -> str:
    """The common name in a distinguished name, else its organisation, "" where it has neither."""
    parts: dict[str, str] = {}
    for part in name.chosen:
        for pair in part:
            parts.setdefault(pair["type"].native, squeeze(str(pair["value"].native)))
    return next((parts[kind][:200] for kind in _NAMES if parts.get(kind)), "")


def _der(message: bytes) -> bytes:
    """The binary message in a PEM or bare base64 text."""
    if message[:1] == b"0":
        return message
    lines = [line for line in message.split() if _PEM_MARK not in line and not line.isalpha()]
    try:
        return base64.b64decode(b"".join(lines) or message, validate=True)
    except (binascii.Error, ValueError):
        return message


def _certificate(signed: Any, info: Any) -> Any:
    sid = info["sid"]
    for choice in signed["certificates"]:
        if choice.name != "certificate":
            continue
        certificate = choice.chosen
        if sid.name == "issuer_and_serial_number":
            wanted = sid.chosen
            if certificate.serial_number == wanted["serial_number"].native and certificate.issuer == wanted["issuer"]:
                return certificate
        elif certificate.key_identifier == sid.native:
            return certificate
    raise UnverifiableError


def _is_intact(signed: Any, info: Any, certificate: Any, digest: Digest) -> bool:
    # Costs a second to load, and most runs of a process meet no signature.
    from cryptography.exceptions import UnsupportedAlgorithm
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    kind = signed["encap_content_info"]["content_type"].native
    algorithm = info["digest_algorithm"]["algorithm"].native
    try:
        digested, signed_well = validate_sig_integrity(info, certificate, kind, digest(algorithm))
    except SignatureValidationError:
        return False
    except UnsupportedAlgorithm as error:
        raise UnverifiableError from error
    return digested and signed_well


def _signing_time(info: Any) -> datetime | None:
    """The time that the signer claims, in UTC where no zone is told."""
    with suppress(ValueError, TypeError, KeyError):
        for attribute in info["signed_attrs"]:
            if attribute["type"].native == "signing_time":
                return in_zone(attribute["values"][0].native)
    return None


def in_zone(moment: datetime) -> datetime:
    """The moment with a zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
