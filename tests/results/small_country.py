"""A small country with two towns and a ministry, made of plain records: what the tests of this room stand on."""

from datetime import UTC, date, datetime

from audits.model import (
    Audit,
    Barrier,
    Criterion,
    Essential,
    Evidence,
    Finding,
    Framework,
    Item,
    Kind,
    Share,
    Status,
    Verdict,
)
from crawler.capture import Entity, HostVisit, Level, Reason, Visit

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
END = datetime(2026, 3, 1, 13, tzinfo=UTC)


def in_three(text: str) -> dict[str, str]:
    return {"es": f"{text} (es)", "pt": f"{text} (pt)", "en": text}


def criterion(name: str, kind: Kind = Kind.INFORMATION, status: Status = Status.PROVISIONAL) -> Criterion:
    aspects = {Kind.INFORMATION: ("published", "useful", "timely"), Kind.SERVICE: ("offered",)}
    return Criterion(
        id=name,
        kind=kind,
        status=status,
        group="information",
        title=in_three(f"It publishes {name}"),
        what=in_three("What it is"),
        why=in_three("Why it matters"),
        guidance=in_three("How to comply"),
        find={"search": "content"},
        aspects=aspects.get(kind, ("1.1.1", "1.4.3")),
        sources=("https://example.org/source",),
    )


CRITERIA = (
    criterion("decision_minutes"),
    criterion("approved_budget"),
    criterion("contact_form", Kind.SERVICE),
    criterion("wcag", Kind.ACCESSIBILITY),
    criterion("news", status=Status.DRAFT),
)

FRAMEWORK = Framework(
    id="demo",
    title=in_three("Demo goals"),
    source="https://example.org/goals",
    evidence="V",
    floor=0.5,
    items=(
        Item(
            code="45",
            title=in_three("Information"),
            text=in_three("Have 70 % of bodies publish, or double the current number"),
            unit=in_three("bodies"),
            target=0.7,
            or_double=True,
            essentials=(Essential(name=in_three("minutes"), any_of=("decision_minutes",)),),
            shares=(Share(name=in_three("the rest"), at_least=0.5, of=("approved_budget.useful", "contact_form")),),
        ),
        Item(
            code="41",
            title=in_three("Training"),
            text=in_three("Train officials"),
            unit=in_three("officials"),
            levels=("national",),
        ),
    ),
    baselines={"45": {"PE": 0.1}},
)


def town(name: str, level: Level = Level.LOCAL, country: str = "PE") -> Entity:
    return Entity(
        id=f"{country.lower()}-{name}",
        name=f"Municipalidad de {name.title()}",
        country=country,
        level=level,
        portals=(f"https://www.{name}.gob.example/",),
    )


def visit(reached: bool = True, reason: Reason = Reason.COMPLETE) -> Visit:
    return Visit(
        reason=reason,
        reached=reached,
        thorough=reached,
        started_at=START,
        ended_at=END,
        pages=12,
        documents=3,
        requests=16,
        bytes=123456,
        hosts=(HostVisit(host="www.a.gob.example", requests=16, bytes=123456, delay_seconds=1.0, robots="found"),),
    )


def proof(quote: str) -> Evidence:
    return Evidence(
        url="https://www.a.gob.example/actas",
        captured_at=START,
        quote=quote,
        selector="main > ul",
        record_id="<urn:uuid:1>",
        digest="sha256:00",
    )


def findings(verdict: Verdict, **exceptions: Verdict) -> tuple[Finding, ...]:
    """The full matrix: one verdict everywhere, but for the criteria that are named."""
    return tuple(
        Finding(
            criterion=asked.id,
            aspect=aspect,
            verdict=exceptions.get(asked.id, verdict),
            reason="document_found",
            values={"n": "3"},
            depth=2,
            newest=date(2026, 2, 3),
            evidence=(proof(f"{asked.id} of {aspect}"), proof("a second proof")),
        )
        for asked in CRITERIA
        for aspect in asked.aspects
    )


BARRIER = Barrier(
    rules=("image-alt",),
    criteria=("1.1.1",),
    pages=("https://aldea.example/", "https://aldea.example/noticias"),
    elements=4,
    example=Evidence(
        url="https://aldea.example/",
        captured_at=START,
        quote='<img src="escudo.png">',
        selector="header > img",
        record_id="urn:1",
    ),
    message="Element has no alternative text",
    help_url="https://help.example/image-alt",
)


def audit(entity: Entity, verdicts: tuple[Finding, ...], run: str = "r1", how: Visit | None = None) -> Audit:
    return Audit(
        run=run,
        entity=entity,
        visit=how or visit(),
        findings=verdicts,
        barriers=(BARRIER,) if verdicts else (),
        rules_digest="sha256:aa",
        program_version="0.1.0",
        warc=f"evidence/{entity.id}.warc.gz",
    )


UNREACHED = visit(reached=False, reason=Reason.TIMEOUT)

AUDITS = (
    audit(town("aldea"), findings(Verdict.PASSED)),
    audit(town("bosque"), findings(Verdict.FAILED, contact_form=Verdict.PASSED)),
    audit(town("costa"), findings(Verdict.UNTESTED), how=UNREACHED),
    audit(town("ministerio", Level.NATIONAL), findings(Verdict.PASSED, decision_minutes=Verdict.CANT_TELL)),
)
