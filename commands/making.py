"""An audit from a capture, the same way in a live run and in one that judges old captures. Loads no more than judging needs."""

from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

from audits.candidates import candidates
from audits.catalog import Catalog
from audits.judge import judge
from audits.model import Audit
from audits.wcag.barriers import barriers
from crawler.capture import Capture, Reason

Made = TypeVar("Made")


def audit_of(run: str, capture: Capture, catalog: Catalog, warc: str) -> Audit:
    """The audit of one capture for a run; `warc` is its evidence as `evidence_name` has it."""
    return Audit(
        run=run,
        entity=capture.entity,
        visit=capture.visit,
        findings=judge(capture, catalog),
        candidates=candidates(capture, catalog),
        barriers=barriers(capture, catalog),
        rules_digest=catalog.digest,
        program_version=program_version(),
        axe_version=capture.axe_version,
        browser_version=capture.browser_version,
        warc=warc,
    )


def or_unjudged(make: Callable[[Capture], Made], capture: Capture) -> Made:
    """What is made of a capture; where that breaks, what is made of the same visit as one that says so."""
    try:
        return make(capture)
    except Exception as error:
        return make(unjudged(capture, error))


def unjudged(capture: Capture, error: BaseException) -> Capture:
    """The same visit as one of which nothing could be read: whatever breaks here must not count against a portal."""
    detail = f"{type(error).__name__}: {error}"[:300]
    visit = capture.visit.model_copy(
        update={"reason": Reason.INTERNAL_ERROR, "reached": False, "thorough": False, "detail": detail}
    )
    return Capture(capture.entity, visit)


def evidence_name(warc: str, folder: Path) -> str:
    """The evidence file relative to its run, so that a home can be moved; of an archive given by a person its name."""
    path = Path(warc)
    if not warc:
        return ""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


@cache
def program_version() -> str:
    """The version of this program ("0" from a checkout that was not installed)."""
    try:
        return version("veedor")
    except PackageNotFoundError:
        return "0"
