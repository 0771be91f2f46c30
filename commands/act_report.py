"""The figures of `veedor act` as tables for people, and as `docs/act.md`."""

from collections.abc import Iterable, Mapping
from typing import Any

from commands.accuracy_report import interval
from commands.act_figures import ENGINES, LEVELS, METHODS
from commands.act_run import ActResult
from commands.display import console, number, plain, table
from commands.wording import say
from results.statistics import Proportion

Record = Mapping[str, Any]


# For people ---


def show_report(record: Record) -> None:
    """What was found and what falsely accused, by engine and by ACT rule; then every false alarm."""
    cases = record["cases"]
    plain(say("act.cases", **{name: number(count) for name, count in cases.items()}))
    headings = ["", *(say(f"act.{method}_{what}") for method in METHODS for what in ("found", "false"))]
    rows = [(say(f"act.{engine}"), *_shares(record, engine)) for engine in ENGINES]
    console().print(table(say("act.by_engine"), headings, rows))
    levels = [(say(f"act.{engine}"), *(str(record["consistency"][engine][level]) for level in LEVELS)) for engine in ENGINES]
    console().print(table(say("act.consistency"), ["", *(say(f"act.{level}") for level in LEVELS)], levels, right=(1, 2, 3, 4)))
    headings = [say(f"act.{name}") for name in ("rule", "criteria", "found", "false", "level")]
    console().print(table(say("act.by_rule"), headings, map(_line, record["rules"]), right=(2, 3), widest={0: 46}))
    for one in record["false_alarms"]:
        plain(say("act.false_alarm", act=one["act"], case=one["case"], expected=one["expected"], rules=", ".join(one["by"])))


def show_cases(results: Iterable[ActResult]) -> None:
    """Every case with the rules that fail its success criteria."""
    for one in results:
        failing = [r.id for r in one.results or () if r.outcome == "failed" and one.case.criteria & set(r.criteria)]
        said = say("act.unread", why=one.trouble) if one.results is None else ", ".join(failing) or "–"
        plain(f"{one.case.rule} {one.case.expected} {one.case.path}: {said}")


def _shares(record: Record, engine: str) -> Iterable[str]:
    for method in METHODS:
        for what in ("found", "false"):
            share = Proportion(**record["figures"][method][engine][what])
            yield f"{share.hits}/{share.total} {interval(share)}"


def _line(rule: Record) -> tuple[str, ...]:
    return (
        f"{rule['act']} {rule['name']}",
        ", ".join(rule["criteria"]) or "–",
        f"{rule['found']['both']}/{rule['failed']}",
        f"{rule['false']['both']}/{rule['others']}",
        say(f"act.{rule['consistency']['both']}"),
    )


# For docs/act.md ---


def as_markdown(record: Record) -> str:
    """The page's tables from the figures."""
    cases, false = record["cases"], record["false_alarms"]
    summary = [
        f"{cases['all']} test cases were run with axe-core {record['axe_version']} in Chromium {record['browser_version']}; "
        f"{cases['counted']} of them belong to ACT rules that are failures of success criteria of level A or AA. "
        f"{cases['unread']} could not be read; {cases['missing']} are listed without their file.",
        "",
        "| | found, by criterion | false alarms | found, by rule | false alarms | consistent | partial | inconsistent | none |",
        "| --- | --- | --- | --- | --- | ---: | ---: | ---: | ---: |",
        *(_engine_row(record, engine) for engine in ENGINES),
    ]
    rules = [
        "| ACT rule | criteria | cases | axe-core | own | both | false | consistency | found by |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |",
        *map(_rule_row, record["rules"]),
    ]
    alarms = [f"- {one['act']}, {one['expected']} case `{one['case'][:8]}`: {', '.join(one['by'])}" for one in false]
    parts = ("\n".join(summary), "## By ACT rule", "\n".join(rules), "## False alarms", "\n".join(alarms) or "None.")
    return "\n\n".join(parts)


def _engine_row(record: Record, engine: str) -> str:
    shares = [_markdown(record["figures"][method][engine][what]) for method in METHODS for what in ("found", "false")]
    levels = [str(record["consistency"][engine][level]) for level in LEVELS]
    return f"| {NAMES[engine]} | {' | '.join([*shares, *levels])} |"


NAMES = {"axe": "axe-core alone", "own": "own rules alone", "both": "both"}


def _markdown(share: Record) -> str:
    """Hits of all with the share and its 95 % interval."""
    if share["share"] is None:
        return "–"
    low, high = 100 * share["low"], 100 * share["high"]
    return f"{share['hits']} of {share['total']}: {100 * share['share']:.1f} % [{low:.1f}–{high:.1f}]"


def _rule_row(rule: Record) -> str:
    found, link = rule["found"], f"https://www.w3.org/WAI/standards-guidelines/act/rules/{rule['act']}/"
    name = rule["name"].replace("|", "\\|").replace("`", "")
    cells = (
        f"[{rule['act']}]({link}) {name}",
        ", ".join(rule["criteria"]) or "–",
        f"{rule['failed']} + {rule['others']}",
        *(f"{found[engine]}" for engine in ENGINES),
        str(rule["false"]["both"]),
        rule["consistency"]["both"],
        ", ".join(rule["found_by"]) or "–",
    )
    return f"| {' | '.join(cells)} |"
