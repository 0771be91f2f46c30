"""Cryptographic signatures in documents: present, intact, whole, and whose."""

import pytest
from pyhanko.sign.fields import SigSeedSubFilter

from audits.documents import read_document
from tests.audits import made

URL = "https://muni.example/acta.pdf"


def signatures(body, url=URL, media_type=""):
    return read_document(body, url, media_type).signatures


@pytest.fixture(scope="module")
def plain():
    return made.pdf(made.WORDS, tagged=True)


@pytest.fixture(scope="module")
def once(plain):
    return made.signed(plain)


@pytest.mark.parametrize(
    "subfilter", [SigSeedSubFilter.ADOBE_PKCS7_DETACHED, SigSeedSubFilter.PADES, SigSeedSubFilter.PBAD_PADES]
)
def test_a_signed_pdf_names_its_signer_and_issuer(plain, subfilter):
    (found,) = signatures(made.signed(plain, subfilter=subfilter))
    assert (found.signer, found.issuer, found.intact, found.whole) == (made.SIGNER, made.ISSUER, True, True)
    assert found.signed_at is not None
    assert found.signed_at.tzinfo is not None


def test_an_unsigned_pdf_has_no_signature(plain):
    assert signatures(plain) == ()


def test_the_second_signature_covers_the_first(once):
    found = signatures(made.signed(once, "Firma2", "Luis Prueba"))
    assert [(s.signer, s.intact, s.whole) for s in found] == [(made.SIGNER, True, True), ("Luis Prueba", True, True)]


def test_a_changed_byte_breaks_the_signature(once):
    at = once.index(b"stream") + 12
    (found,) = signatures(once[:at] + bytes([once[at] ^ 1]) + once[at + 1 :])
    assert (found.signer, found.intact) == (made.SIGNER, False)


def test_what_was_added_after_the_signature_is_seen(once):
    (found,) = signatures(made.appended(once))
    assert (found.intact, found.whole) == (True, False)
    (blank,) = signatures(once + b"\n")
    assert (blank.intact, blank.whole) == (True, True)


def test_certificates_added_after_the_signature_change_nothing(once):
    (found,) = signatures(made.with_proof(once))
    assert (found.intact, found.whole) == (True, True)


def test_of_a_signature_whose_bytes_did_not_all_come_nothing_is_said(once):
    assert signatures(once[:-300]) == ()


def test_a_field_that_nobody_signed_is_no_signature(plain):
    assert signatures(made.with_empty_field(plain)) == ()


def test_a_signed_message_gives_the_document_inside_and_its_signature(plain):
    facts = read_document(made.message(plain), URL + ".p7m", "application/pkcs7-mime")
    assert (facts.kind, facts.scanned, facts.tagged) == ("pdf", False, True)
    assert [(s.signer, s.issuer, s.intact) for s in facts.signatures] == [(made.SIGNER, made.ISSUER, True)]
    forged = made.message(plain).replace(b"%PDF-1.", b"%PDF-2.", 1)
    assert [s.intact for s in signatures(forged, URL + ".p7m")] == [False]


def test_a_detached_signature_says_nothing_of_a_document_it_does_not_hold(plain):
    facts = read_document(made.message(plain, detached=True), URL + ".p7s", "application/pkcs7-signature")
    assert facts.signatures == ()
