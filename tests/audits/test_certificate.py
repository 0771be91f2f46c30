"""What the visit heard of a certificate becomes a finding; what it did not hear stays open."""

from urllib.parse import urlsplit

import pytest

from audits.catalog import Catalog, load
from audits.finders.certificate import find
from audits.model import Verdict
from audits.site import Site
from crawler.capture import HostVisit
from tests.audits.portal import capture_of


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


@pytest.mark.parametrize(
    ("scheme", "heard", "verdict"),
    [
        ("https", "valid", Verdict.PASSED),
        ("https", "expired", Verdict.FAILED),
        ("https", "not_yet_valid", Verdict.FAILED),
        ("https", "wrong_host", Verdict.FAILED),
        ("https", "self_signed", Verdict.FAILED),
        ("https", "untrusted", Verdict.FAILED),
        ("https", "broken", Verdict.CANT_TELL),
        ("https", "", Verdict.CANT_TELL),
        ("http", "", Verdict.CANT_TELL),
    ],
)
def test_a_certificate_is_judged_by_what_the_handshake_said(catalog: Catalog, scheme: str, heard: str, verdict: Verdict) -> None:
    capture = capture_of({"": "<h1>Muni</h1>"})
    home = capture.pages[0]
    home.url = home.url.replace("http:", f"{scheme}:")
    hosts = (HostVisit(host=urlsplit(home.url).netloc, requests=1, bytes=1, delay_seconds=1, robots="absent", certificate=heard),)
    capture.visit = capture.visit.model_copy(update={"hosts": hosts})
    finding = find(catalog.criteria["https_valid"], Site(capture, catalog))[0]
    assert finding.verdict is verdict
    assert finding.reason in catalog.reasons
