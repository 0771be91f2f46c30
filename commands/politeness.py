"""`veedor politeness`: what a run asked of each host, and whether it kept its manners. Told from what every visit wrote down."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from babel.numbers import format_decimal
from rich.text import Text
from sqlite_utils import Database

from commands import store
from commands.display import console, notice, number, plain, show_json, table
from commands.errors import UserError
from commands.home import Home
from commands.runs import Run, all_runs, find_run, origin
from commands.wording import say, spoken
from crawler import urls
from crawler.hours import wait_seconds
from results import queries
from results.records import HostTotal, RunSummary

WIDEST = {1: 10, 2: 7, 3: 11, 4: 11, 5: 12, 6: 8}
"""Characters of the columns, so that names of hosts have room."""
SHOWN = 40
"""Hosts that a terminal shows; programs get all."""
PUNCTUAL = 0.001
"""Seconds by which a clock may differ from itself."""
MARKS = {True: ("✓ ", "green"), False: ("✗ ", "red")}


class Rule(NamedTuple):
    """One rule of politeness: whether it was kept, how that is said, and the hosts or bodies that say otherwise."""

    name: str
    kept: bool
    sentence: str
    breaches: tuple[str, ...] = ()


def show_politeness(home_dir: Path, run_id: str = "", *, as_json: bool = False) -> None:
    """Print the hosts that a run ("": the newest) asked, the totals, and each rule with its proof."""
    home, db = store.open_home(home_dir)
    run = find_run(home, run_id) if run_id else next(iter(all_runs(home)), None)
    if run is None:
        raise UserError("no_runs", home=home.path)
    if run.record.rejudged_from:
        run = _visited_by(home, run)
    summary = queries.run_summary(db, run.record.id)
    if summary is None:
        raise UserError("not_stored", run=run.record.id)
    hosts = queries.host_totals(db, run.record.id)
    rules = list(rules_of(run, hosts, db))
    if as_json:
        show_json(as_data(run, summary, hosts, rules))
    else:
        print_politeness(run, summary, hosts, rules)


def _visited_by(home: Home, run: Run) -> Run:
    """The run that asked what this one judged anew: the only one of both that asked anything."""
    visited = origin(home, run)
    notice(say("politeness.rejudged", run=run.record.id, origin=visited.record.id))
    return visited


def rules_of(run: Run, hosts: Sequence[HostTotal], db: Database) -> Iterator[Rule]:
    """The rules that a run had to keep. An archive is asked without any request: it owes nothing to anybody."""
    settings = run.record.settings
    if settings.archives:
        yield Rule("offline", True, say("politeness.offline"))
        return
    yield pauses(settings.pause, hosts)
    yield robots(run, hosts, db)
    name = say("politeness.agent", agent=settings.user_agent)
    yield Rule("agent", bool(settings.contact), name if settings.contact else f"{name} {say('politeness.no_contact')}")
    if settings.hours:
        yield hours(run, db)
    opened = sum(host.broken for host in hosts)
    failures = sum(host.failures for host in hosts)
    yield Rule("breaker", True, say("politeness.breaker", failures=number(failures), opened=number(opened)))


def pauses(pause: float, hosts: Sequence[HostTotal]) -> Rule:
    """Between two of our own requests to a host never less than the pause of the run; how often a longer one was kept."""
    measured = [host for host in hosts if host.shortest_gap is not None]
    hasty = tuple(host.host for host in measured if (host.shortest_gap or 0.0) < pause - PUNCTUAL)
    longer = sum(host.delay_seconds > pause + PUNCTUAL for host in measured)
    figures = {"hosts": number(len(measured)), "pause": seconds(pause), "longer": number(longer), "hasty": number(len(hasty))}
    return Rule("pause", not hasty, say("politeness.pause_broken" if hasty else "politeness.pause_kept", **figures), hasty)


def robots(run: Run, hosts: Sequence[HostTotal], db: Database) -> Rule:
    """Where robots.txt could not be reached no page was asked for: the captures of those visits say so."""
    counts = {state: number(sum(state in host.robots.split(",") for host in hosts)) for state in ("found", "absent")}
    closed: dict[str, set[str]] = {}
    for visit in queries.run_visits(db, run.record.id):
        shut = {host.host for host in visit.visit.hosts if host.robots == "unreachable"}
        if shut and run.capture_file(visit.entity).is_file():
            closed[visit.entity] = shut
    asked = {
        urls.authority(page.url)
        for entity, shut in closed.items()
        for page in run.capture(entity).pages
        if page.status and urls.authority(page.url) in shut
    }
    figures = {**counts, "closed": number(len(set().union(*closed.values()))), "asked": number(len(asked))}
    return Rule(
        "robots", not asked, say("politeness.robots_broken" if asked else "politeness.robots_kept", **figures), tuple(asked)
    )


def hours(run: Run, db: Database) -> Rule:
    """No visit began or ended outside of the hours that were set."""
    countries, span = store.rules().countries, run.record.settings.hours
    late = []
    for visit in queries.run_visits(db, run.record.id):
        zone = countries[visit.country].time_zone if visit.country in countries else ""
        if any(wait_seconds(span, zone, 0, moment) for moment in (visit.visit.started_at, visit.visit.ended_at)):
            late.append(visit.entity)
    key = "politeness.hours_broken" if late else "politeness.hours"
    return Rule("hours", not late, say(key, hours=span, late=number(len(late))), tuple(late))


def print_politeness(run: Run, summary: RunSummary, hosts: Sequence[HostTotal], rules: Sequence[Rule]) -> None:
    """The hosts as a table, the totals, and a line for each rule."""
    words = ("host", "requests", "kilobytes", "pause", "robots", "certificate", "failures")
    headings = [say(f"politeness.{word}") for word in words]
    title = say("politeness.title", run=run.record.id)
    console().print(table(title, headings, map(_row, hosts[:SHOWN]), right=(1, 2, 3, 6), widest=WIDEST))
    if len(hosts) > SHOWN:
        plain(say("politeness.more", shown=SHOWN, total=number(len(hosts))), "dim")
    figures = {
        "hosts": number(len(hosts)),
        "requests": number(summary.requests),
        "browser": number(sum(host.browser_requests for host in hosts)),
        "bytes": size(summary.bytes),
    }
    plain(say("politeness.totals", **figures), "bold")
    for rule in rules:
        mark, style = MARKS[rule.kept]
        breaches = f" ({', '.join(rule.breaches[:3])}{' …' if len(rule.breaches) > 3 else ''})" if rule.breaches else ""
        console().print(Text(mark, style=style).append(f"{rule.sentence}{breaches}", style="default"))


def _row(host: HostTotal) -> list[str | Text]:
    return [
        host.host,
        _of_them(host.requests, host.browser_requests),
        number(round(host.bytes / 1000)),
        f"{seconds(host.delay_seconds)} / {seconds(host.shortest_gap)}",
        host.robots.replace(",", ", ") or "–",
        host.certificate.replace(",", ", ") or "–",
        _of_them(host.failures, host.broken),
    ]


def _of_them(count: int, special: int) -> str:
    """A count, and in brackets the special ones where there are any."""
    return number(count) + (f" ({number(special)})" if special else "")


def seconds(value: float | None) -> str:
    """A pause in seconds, as the language writes it; a dash where none was measured."""
    return "–" if value is None else str(format_decimal(value, "0.##", locale=spoken()))


def size(count: int) -> str:
    """A number of bytes in megabytes, as the language writes it."""
    return f"{format_decimal(count / 1e6, '#,##0.0', locale=spoken())}\N{NO-BREAK SPACE}MB"


def as_data(run: Run, summary: RunSummary, hosts: Sequence[HostTotal], rules: Sequence[Rule]) -> dict[str, object]:
    """The same for programs: bytes, seconds, all hosts."""
    return {
        "run": run.record.id,
        "user_agent": run.record.settings.user_agent,
        "requests": summary.requests,
        "browser_requests": sum(host.browser_requests for host in hosts),
        "bytes": summary.bytes,
        "shortest_gap": shortest_gap(hosts),
        "rules": [rule._asdict() for rule in rules],
        "hosts": [host.model_dump(mode="json") for host in hosts],
    }


def shortest_gap(hosts: Sequence[HostTotal]) -> float | None:
    """The shortest pause that was kept anywhere, in seconds; None where no host was asked twice."""
    return min((host.shortest_gap for host in hosts if host.shortest_gap is not None), default=None)
