"""`veedor registry`: import public bodies, look at them, check them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from audits.model import Texts
from commands import store
from commands.display import console, number, plain, show_json, table
from commands.errors import UserError
from commands.names import called
from commands.wording import pick, say
from crawler.capture import Entity
from results import registry
from results.registry_columns import registry_columns
from results.registry_import import FunnelStep, ImportReport, import_folder, import_registry

NAMED = 5
"""Bodies or rows named in one line of a check; the rest are counted."""


def import_file(home_dir: Path, path: Path, source: str, country: str, level: str, *, as_json: bool) -> None:
    """Import a file, or every CSV of a folder, and say what became of its rows."""
    _, db = store.open_home(home_dir)
    if path.is_dir():
        reports = import_folder(db, path, source=source)
    else:
        code = store.country_code(country) if country else ""
        reports = [import_registry(db, path, source=source, country=code, level=store.level_of(level) if level else "")]
    if as_json:
        show_json([report.model_dump(mode="json") for report in reports])
        return
    for report in reports:
        print_import(report)
    if any(report.rejected for report in reports):
        plain(say("registry.see_check"), "dim")


def print_import(report: ImportReport) -> None:
    """One import in one sentence, and the reasons for which rows were set aside."""
    counts = {"read": report.rows, "new": report.new, "changed": report.changed, "same": report.same}
    plain(say("registry.imported", file=Path(report.file).name, rejected=report.rejected, **counts))
    for reason, count in report.reasons.items():
        plain(f"  {count} × {reason_text(reason)}", "yellow")


def reason_text(code: str, part: str = "text") -> str:
    """Why a row is not usable (or, `part` remedy, what to do), in words."""
    return pick(registry_columns()["reasons"].get(code, {}).get(part, {})) or code


def list_entities(
    home_dir: Path, countries: Sequence[str], levels: Sequence[str], words: str, limit: int, *, as_json: bool
) -> None:
    """Print the bodies of the registry, `limit` of them at most."""
    _, db = store.open_home(home_dir)
    codes = [store.country_code(country) for country in countries]
    page = registry.list_entities(db, codes, [store.level_of(level) for level in levels], words=words, limit=limit)
    if as_json:
        show_json({"total": page.total, "entities": [entity.model_dump(mode="json") for entity in page.entities]})
        return
    if not page.entities:
        plain(say("registry.list", total=page.total))
        return
    headings = [say(f"word.{word}") for word in ("id", "name", "country", "level", "portal")]
    rows = [[e.id, e.name, e.country, called("level", e.level), " ".join(e.portals)] for e in page.entities]
    console().print(table(say("registry.list", total=page.total), headings, rows))
    if page.total > len(page.entities):
        plain(say("registry.more", shown=len(page.entities), total=page.total), "dim")


def show_entity(home_dir: Path, entity_id: str, *, as_json: bool) -> None:
    """Print all that is known of one body."""
    _, db = store.open_home(home_dir)
    entity = store.demand_entity(db, entity_id)
    if as_json:
        show_json(entity.model_dump(mode="json"))
        return
    plain(f"{entity.name} ({entity.id})", "bold")
    for field, value in _facts(entity):
        plain(f"  {field}: {value}")


def _facts(entity: Entity) -> Iterable[tuple[str, str]]:
    """The fields that say something, as they are called in a registry file."""
    for field, value in entity.model_dump(mode="json", exclude={"id", "name", "details"}).items():
        if value not in (None, "", [], ()):
            yield field, ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    yield from entity.details.items()


def check_registry(home_dir: Path, *, as_json: bool) -> None:
    """Print what is doubtful in the registry, and the rows that could not be used, each with the remedy."""
    _, db = store.open_home(home_dir)
    problems = registry.check(db)
    rejects = list(db.query(REJECTS))
    if as_json:
        show_json({"problems": [problem.model_dump(mode="json") for problem in problems], "rejected_rows": rejects})
        return
    if not problems and not rejects:
        plain(say("registry.sound"), "green")
    for kind, count in Counter(problem.kind for problem in problems).items():
        plain(say(f"registry.{kind}", count=count), "bold")
        for problem in [problem for problem in problems if problem.kind == kind][:NAMED]:
            plain(f"  {', '.join(problem.entities[:NAMED])} {problem.detail}".rstrip())
        if count > NAMED:
            plain(f"  +{count - NAMED}", "dim")
    if rejects:
        print_rejects(rejects)


REJECTS = """SELECT i.file, r.line, r.reason, r.detail FROM registry_rejects r JOIN imports i ON i.id = r.import_id
    WHERE r.import_id IN (SELECT MAX(id) FROM imports GROUP BY file) ORDER BY r.reason, i.file, r.line"""
"""Rows set aside in the latest import of every file."""


def print_rejects(rejects: Sequence[dict[str, str]]) -> None:
    """The rows that could not be used: by reason, with their places and the remedy."""
    rows = []
    for reason, count in Counter(row["reason"] for row in rejects).most_common():
        places = [row for row in rejects if row["reason"] == reason]
        named = "\n".join(f"{Path(row['file']).name}:{row['line']} {row['detail']}".rstrip() for row in places[:NAMED])
        more = f"\n+{count - NAMED}" if count > NAMED else ""
        rows.append([str(count), reason_text(reason), named + more, reason_text(reason, "remedy")])
    headings = [say(f"word.{word}") for word in ("rows", "reason", "line", "remedy")]
    console().print(table(say("registry.rejected"), headings, rows, right=(0,)))


def show_funnel(home_dir: Path, *, as_json: bool) -> None:
    """Print what each step removed, from rows read to portals that can be visited."""
    _, db = store.open_home(home_dir)
    steps = registry.funnel(db)
    if not steps:
        raise UserError("nothing_imported")
    if as_json:
        show_json([step.model_dump(mode="json") for step in steps])
        return
    headings = [say(f"word.{word}") for word in ("step", "removed", "left")]
    rows = [[step_text(step), number(step.removed) if step.removed else "", number(step.left)] for step in steps]
    console().print(table(say("registry.funnel"), headings, rows, right=(1, 2)))


def step_text(step: FunnelStep) -> str:
    """One step of the funnel in words."""
    known: dict[str, Texts] = {entry["code"]: entry.get("step", {}) for entry in registry_columns()["funnel"]}
    return pick(known.get(step.step, {})) or step.step
