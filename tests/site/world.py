"""A small made-up world for the tests of the site: the real rules, invented entities, and one that means harm."""

import tomllib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from audits.catalog import RULES
from audits.model import Audit, Criterion, Evidence, Finding, Framework, Verdict
from crawler.capture import Branch, Entity, HostVisit, Level, Reason, Visit
from results.database import open_database
from results.ingest import ingest_audit, record_run
from results.rules import store_rules
from results.scores import score_run

RUN = "2026-11-20-a"
START = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
EVIL_NAME = "<script>alert(1)</script> & \"Hijos\" =cmd|' /C calc'!A0"
EVIL_QUOTE = '<img src=x onerror="alert(2)"></blockquote>{{ 7 * 7 }}<h1>Hola</h1>'
EVIL_URL = "javascript:alert(3)"

REASONS = {
    **{
        reason.value: {
            "es": f"La visita terminó así: {reason.value}.",
            "pt": f"A visita terminou assim: {reason.value}.",
            "en": f"The visit ended thus: {reason.value}.",
            "remedy": {"es": "Publique el portal.", "pt": "Publique o portal.", "en": "Put the portal online."},
        }
        for reason in Reason
    },
    "found": {"es": "Está: {name}.", "pt": "Está: {name}.", "en": "It is there: {name}."},
    "not_found": {
        "es": "No se halló en {pages} páginas.",
        "pt": "Não achado em {pages} páginas.",
        "en": "Not found in {pages} pages.",
    },
    "not_thorough": {"es": "No se vio todo.", "pt": "Não se viu tudo.", "en": "Not all was seen."},
}


VOCABULARY = tomllib.loads((RULES / "vocabulary.toml").read_text("utf-8"))


def read_criteria() -> list[Criterion]:
    """The criteria of the rules folder."""
    paths = sorted((RULES / "criteria").glob("*/criterion.toml"))
    return [Criterion.model_validate({"id": path.parent.name, **tomllib.loads(path.read_text("utf-8"))}) for path in paths]


def read_frameworks() -> list[Framework]:
    """The frameworks of the rules folder."""
    paths = sorted((RULES / "frameworks").glob("*.toml"))
    return [Framework.model_validate({"id": path.stem, **tomllib.loads(path.read_text("utf-8"))}) for path in paths]


def entity(number: int, name: str, country: str, level: Level, branch: Branch = Branch.EXECUTIVE, portal: str = "") -> Entity:
    """An invented public body."""
    return Entity(
        id=f"{country.lower()}-{number:04}",
        name=name,
        country=country,
        level=level,
        branch=branch,
        population=1000 * number + 340,
        portals=(portal or f"https://entidad-{number}.example/",),
        languages=("pt",) if country == "BR" else ("es",),
    )


def visit(reason: Reason = Reason.COMPLETE, *, thorough: bool = True) -> Visit:
    """A visit that ended as told."""
    reached = reason in (Reason.COMPLETE, Reason.BUDGET)
    return Visit(
        reason=reason,
        reached=reached,
        thorough=reached and thorough,
        started_at=START,
        ended_at=START + timedelta(minutes=4, seconds=7),
        pages=41 if reached else 0,
        documents=12 if reached else 0,
        requests=58,
        failures=2,
        bytes=4_321_987,
        hosts=(HostVisit(host="entidad.example", requests=58, bytes=4_321_987, delay_seconds=1.0, robots="allowed"),),
    )


def evidence(url: str, quote: str) -> Evidence:
    """A proof with all its parts."""
    return Evidence(
        url=url,
        captured_at=START + timedelta(minutes=1),
        quote=quote,
        selector="main > ul > li:nth-child(2) > a",
        record_id="<urn:uuid:5b6a1d0e-0000-4000-8000-1234567890ab>",
        digest="sha256:" + "3f" * 32,
    )


def findings(criteria: Iterable[Criterion], good: int, url: str, quote: str) -> tuple[Finding, ...]:
    """The full matrix of a portal that was read; of ten demands about `good` pass, in an order that is always the same."""
    found = []
    for place, criterion in enumerate(criteria):
        for step, aspect in enumerate(criterion.aspects):
            key = (place * 7 + step * 3) % 10
            if key < good:
                proof = tuple(evidence(url, quote) for _ in range(1 + key % 5))
                newest = date(2026, 11, 3) if aspect == "timely" else None
                values = {"name": quote}
                found.append(finding(criterion, aspect, Verdict.PASSED, "found", values, newest, proof))
            elif key == 9 and good < 10:
                found.append(finding(criterion, aspect, Verdict.CANT_TELL, "not_thorough"))
            else:
                found.append(finding(criterion, aspect, Verdict.FAILED, "not_found", {"pages": "41"}))
    return tuple(found)


def finding(
    criterion: Criterion,
    aspect: str,
    verdict: Verdict,
    reason: str,
    values: dict[str, str] | None = None,
    newest: date | None = None,
    proof: tuple[Evidence, ...] = (),
) -> Finding:
    """One finding."""
    return Finding(
        criterion=criterion.id,
        aspect=aspect,
        verdict=verdict,
        reason=reason,
        values=values or {},
        depth=2 if verdict is Verdict.PASSED else 0,
        newest=newest,
        evidence=proof,
    )


def untested(criteria: Iterable[Criterion], reason: Reason) -> tuple[Finding, ...]:
    """The full matrix of a portal that was not read."""
    return tuple(finding(c, aspect, Verdict.UNTESTED, reason.value) for c in criteria for aspect in c.aspects)


def audit(body: Entity, ended: Visit, found: tuple[Finding, ...]) -> Audit:
    """What one run concluded of one entity."""
    return Audit(
        run=RUN,
        entity=body,
        visit=ended,
        findings=found,
        rules_digest="sha256:" + "ab" * 32,
        program_version="0.1.0",
        warc=f"runs/{RUN}/evidence/{body.id}.warc.gz" if ended.reached else "",
    )


def audits(criteria: list[Criterion]) -> Iterable[Audit]:
    """Two countries: towns good and bad, a region, a ministry, portals that could not be read, and a hostile one."""
    quote = "Acta de la sesión ordinaria N.° 21, del 14 de noviembre"
    for number, (name, level, good) in enumerate(
        [
            ("Municipalidad Distrital de Villa Ejemplo", Level.LOCAL, 10),
            ("Municipalidad Distrital de Río Seco", Level.LOCAL, 7),
            ("Municipalidad Distrital de Tres Cruces de la Quebrada Honda del Sur", Level.LOCAL, 4),
            ("Gobierno Regional de la Costa", Level.REGIONAL, 8),
            ("Ministerio de los Caminos", Level.NATIONAL, 9),
        ],
        1,
    ):
        body = entity(number, name, "PE", level)
        yield audit(body, visit(), findings(criteria, good, f"https://entidad-{number}.example/actas.html", quote))
    for number, reason in ((6, Reason.SERVER_ERROR), (7, Reason.ROBOTS_DISALLOWED), (8, Reason.NO_PORTAL)):
        body = entity(number, f"Municipalidad de Paso {number}", "PE", Level.LOCAL)
        yield audit(body, visit(reason), untested(criteria, reason))
    evil = entity(9, EVIL_NAME, "BR", Level.LOCAL, Branch.LEGISLATIVE, "javascript://entidad.example/%0aalert(4)")
    yield audit(evil, visit(Reason.BUDGET, thorough=False), findings(criteria, 5, EVIL_URL, EVIL_QUOTE))


def database(path: Path | str, criteria: list[Criterion], frameworks: list[Framework], told: Iterable[Audit]) -> Database:
    """A database with these audits, scored."""
    db = open_database(path)
    store_rules(db, criteria, frameworks)
    record_run(db, RUN, started_at=START, finished_at=START, rules_digest="sha256:" + "ab" * 32, program_version="0.1.0")
    for one in told:
        ingest_audit(db, one)
    score_run(db, RUN, frameworks, criteria)
    return db
