"""The figures of `veedor accuracy` as tables for people, as JSON for programs, and as `docs/accuracy.md`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from audits.model import Verdict
from commands.display import console, notice, percent, plain, table
from commands.wording import say
from results.agreement import Agreement, Case, accusations, across_portals, agreement, dating, forms, grouped
from results.statistics import Proportion, wilson

MONTH = 31
COUNTS = ("right_yes", "wrong_yes", "missed", "right_no")


def as_record(cases: Sequence[Case], unseen: Sequence[Case]) -> dict[str, Any]:
    """All figures, for programs. Portals are numbered, not named."""
    dates, numbers = dating(cases), portal_numbers(cases)
    return {
        "portals": len(numbers),
        "all": _row(agreement("all", cases)),
        "across_portals": {name: spread._asdict() for name, spread in across_portals(cases).items()},
        "without_own_names": _row(agreement("all", unseen)),
        "failed_rightly": accusations(cases)._asdict(),
        "useful": forms(cases)._asdict(),
        "newest": {"median_days": dates.median, "within_month": dates.within(MONTH)._asdict(), "undated": dates.undated},
        "criterion": [_row(row) for row in grouped(cases, lambda case: case.criterion)],
        "language": [_row(row) for row in grouped(cases, lambda case: case.group)],
        "portal": [_row(row) for row in grouped(cases, lambda case: numbers[case.portal])],
    }


def portal_numbers(cases: Iterable[Case]) -> dict[str, str]:
    """Portals by number and language, in the order of their ids."""
    groups = {case.portal: case.group for case in cases}
    return {portal: f"{number:02} ({groups[portal]})" for number, portal in enumerate(sorted(groups), start=1)}


def _row(found: Agreement) -> dict[str, Any]:
    return {
        "name": found.name,
        **{count: getattr(found, count) for count in COUNTS},
        "precision": found.precision._asdict(),
        "recall": found.recall._asdict(),
        "kappa": found.kappa,
    }


# For people ---


def show_report(cases: Sequence[Case], unseen: Sequence[Case]) -> None:
    """Tables by criterion, portal and language; then what else was measured, and every disagreement."""
    total = agreement(say("accuracy.all"), cases)
    for name, rows in (
        ("criterion", grouped(cases, lambda case: case.criterion)),
        ("portal", grouped(cases, lambda case: case.portal)),
        ("language", grouped(cases, lambda case: case.group)),
    ):
        _show_table(say(f"accuracy.by_{name}"), [*rows, total])
    _show_table(say("accuracy.without_own_names"), [agreement(say("accuracy.all"), unseen)])
    fair, dates = accusations(cases), dating(cases)
    plain(say("accuracy.accusations", right=fair.hits, failed=fair.total, share=interval(fair)), style="bold")
    plain(say("accuracy.useful", share=interval(forms(cases)), total=forms(cases).total))
    days = "–" if dates.median is None else str(dates.median)
    plain(say("accuracy.newest", days=days, share=interval(dates.within(MONTH)), total=len(dates.days), undated=dates.undated))
    _show_mistakes(cases)


def _show_table(title: str, rows: Iterable[Agreement]) -> None:
    """Counts, precision and recall with their 95 % intervals, kappa."""
    headings = ["", *(say(f"accuracy.{name}") for name in (*COUNTS, "precision", "recall", "kappa"))]
    cells = [
        (
            row.name,
            *(str(getattr(row, count)) for count in COUNTS),
            interval(row.precision),
            interval(row.recall),
            "–" if row.kappa is None else f"{row.kappa:.2f}",
        )
        for row in rows
    ]
    console().print(table(title, headings, cells, right=(1, 2, 3, 4, 7)))


def interval(share: Proportion) -> str:
    """A share with its interval."""
    if share.share is None:
        return "–"
    return f"{percent(share.share)} [{100 * (share.low or 0):.0f}–{100 * (share.high or 0):.0f}]"


def _show_mistakes(cases: Iterable[Case]) -> None:
    """Every case on which program and people differ."""
    wrong = [case for case in cases if case.said != case.truth]
    for title, some in (("accuracy.wrongly_passed", True), ("accuracy.wrongly_missed", False)):
        chosen = [case for case in wrong if case.said is some]
        plain(f"\n{say(title, count=len(chosen))}", style="bold")
        for case in chosen:
            found = case.finding
            proof = found.evidence[0] if found.evidence else None
            where = f" · {proof.url} «{proof.quote[:80]}»" if proof else ""
            plain(f"  {case.portal} {case.criterion}: {found.verdict} ({found.reason}), {case.label.verdict}{where}")
    if not wrong:
        notice(say("accuracy.no_mistakes"))


# For docs/accuracy.md ---


def as_markdown(record: Mapping[str, Any]) -> str:
    """The page's tables from the figures that `as_record` made."""
    spread, dates, fair, useful = record["across_portals"], record["newest"], record["failed_rightly"], record["useful"]
    month, kappa = dates["within_month"], "–" if record["all"]["kappa"] is None else f"{record['all']['kappa']:.2f}"
    summary = [
        "| what | figure | interval over pairs | interval over portals |",
        "| --- | ---: | --- | --- |",
        *(
            f"| {name} | {_percent(record['all'][name]['share'])} | {_between(record['all'][name])} | {_between(spread[name])} |"
            for name in ("precision", "recall")
        ),
        f"| kappa | {kappa} | – | {spread['kappa']['low'] or 0:.2f}–{spread['kappa']['high'] or 0:.2f} |",
        f"| people agree with *failed* | {_percent(fair['share'])} of {fair['total']} | {_between(fair)} | – |",
        f"| form (open, searchable, image) as people read it | {_percent(useful['share'])} of {useful['total']} "
        f"| {_between(useful)} | – |",
        f"| newest date within a month of people's | {_percent(month['share'])} of {month['total']} | {_between(month)} | – |",
        "",
        f"The median distance of the newest date is {dates['median_days']} days; {dates['undated']} published things that people "
        f"could date remain undated ({Verdict.CANT_TELL.value} on *timely*).",
    ]
    parts = ["\n".join(summary)]
    for title, rows in (
        ("By criterion", record["criterion"]),
        ("By language", record["language"]),
        ("By portal", record["portal"]),
        ("Each portal without the names that only it uses", [record["without_own_names"]]),
    ):
        parts.append(f"## {title}\n\n{_as_table(rows)}")
    return "\n\n".join(parts) + "\n"


def _as_table(rows: Iterable[Mapping[str, Any]]) -> str:
    lines = ["| | right yes | wrong yes | missed | right no | precision | recall | kappa |", "| --- |" + " ---: |" * 7]
    for row in rows:
        counts = " | ".join(str(row[count]) for count in COUNTS)
        kappa = "–" if row["kappa"] is None else f"{row['kappa']:.2f}"
        lines.append(f"| {row['name']} | {counts} | {_full(row['precision'])} | {_full(row['recall'])} | {kappa} |")
    return "\n".join(lines)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _between(share: Mapping[str, float | None]) -> str:
    low, high = share["low"], share["high"]
    return "–" if low is None or high is None else f"{100 * low:.0f}–{100 * high:.0f} %"


def _full(share: Mapping[str, Any]) -> str:
    return "–" if share["share"] is None else f"{_percent(share['share'])} [{_between(share)}]"


def measured_enough(row: Mapping[str, Any], positives: int = 5, precision: float = 0.9) -> bool:
    """Whether a criterion may be called stable: its precision was measured on enough positives, and is good."""
    counted = wilson(row["right_yes"], row["right_yes"] + row["wrong_yes"])
    return counted.total >= positives and (counted.share or 0) >= precision
