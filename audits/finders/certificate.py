"""Whether the host of the home page shows a certificate that a browser accepts: heard from the visit, not read from a page."""

from urllib.parse import urlsplit

from audits.addresses import host_of
from audits.model import OFFERED, Criterion, Evidence, Finding, Verdict
from audits.site import Site

_ACCEPTED, _NOTHING_SEEN = "valid", ("", "broken")


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    extra = sorted(set(criterion.find) - {"search"})
    return [f"find has unknown settings: {', '.join(extra)}; the search certificate takes none."] if extra else []


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """Passed or failed by what a verified handshake said; a home without TLS, or one that nobody examined, stays open."""
    home = site.capture.pages[0]
    host = host_of(home.url)
    secure = urlsplit(home.url).scheme == "https"
    heard = next((known.certificate for known in site.capture.visit.hosts if known.host == urlsplit(home.url).netloc.lower()), "")
    verdict, reason = Verdict.FAILED, f"certificate_{heard}"
    if heard == _ACCEPTED:
        verdict = Verdict.PASSED
    elif not secure or heard in _NOTHING_SEEN:
        verdict, reason = Verdict.CANT_TELL, "certificate_not_seen"
    evidence = Evidence(url=home.url, captured_at=home.fetched_at, record_id=home.record_id, digest=home.digest)
    return [
        Finding(
            criterion=criterion.id,
            aspect=OFFERED,
            verdict=verdict,
            reason=reason,
            values={"host": host},
            depth=0 if verdict is Verdict.CANT_TELL else 2,
            evidence=(evidence,),
        )
    ]
