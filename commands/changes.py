"""What changed between two judgements, and whether the rule or the portal did."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from rich.text import Text

from audits.catalog import Catalog
from audits.model import Audit, Finding, Verdict
from commands.display import console, plain, show_json, table
from commands.names import called
from commands.runs import Run
from commands.wording import say
from crawler.capture import Reason

SHOWN = 60
"""Changes that a terminal shows one by one; programs get all."""


class Cause(StrEnum):
    """Why a finding changed.

    RULE: the same capture, other rules. PORTAL: the same rules, a newer capture. VISIT: the same rules, but one of the two
    visits did not get to see it. UNREAD: the old capture can no longer be read.
    """

    RULE = "rule"
    PORTAL = "portal"
    VISIT = "visit"
    UNREAD = "unread"


class Change(NamedTuple):
    """One finding that is not what it was. `before` or `after` is None where one of the judgements did not ask for it."""

    entity: str
    criterion: str
    aspect: str
    cause: Cause
    before: Finding | None
    after: Finding | None


def changes(before: Audit, after: Audit, cause: Cause) -> Iterator[Change]:
    """The findings on one entity whose verdict or reason differs; evidence alone makes no change."""
    old, new = _by_key(before), _by_key(after)
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        if (was and (was.verdict, was.reason)) != (now and (now.verdict, now.reason)):
            unseen = Verdict.UNTESTED in (was and was.verdict, now and now.verdict)
            yield Change(before.entity.id, *key, Cause.VISIT if cause is Cause.PORTAL and unseen else cause, was, now)


def _by_key(audit: Audit) -> dict[tuple[str, str], Finding]:
    return {(finding.criterion, finding.aspect): finding for finding in audit.findings}


def unreadable(old: Audit, today: Audit) -> bool:
    """Whether the old capture could be judged then and cannot be now: its evidence is gone or damaged."""
    return Reason.INTERNAL_ERROR is today.visit.reason is not old.visit.reason


def all_changes(old: Run, today: Run, newer: Run | None) -> Iterator[Change]:
    """What changed, entity by entity: old findings to today's on the same capture, then those to the newer capture's."""
    later = set(newer.finished()) if newer else set[str]()
    for entity_id in today.finished():
        judged = today.audit(entity_id)
        before = old.audit(entity_id)
        if unreadable(before, judged):
            yield from changes(before, judged, Cause.UNREAD)
            continue
        yield from changes(before, judged, Cause.RULE)
        if newer and entity_id in later:
            yield from changes(judged, newer.audit(entity_id), Cause.PORTAL)


def tell_changes(old: Run, today: Run, newer: Run | None, catalog: Catalog, *, as_json: bool) -> None:
    """Print the counts by criterion and verdict, and each change of each entity."""
    found = list(all_changes(old, today, newer))
    if as_json:
        show_json(as_data(old, today, newer, found))
        return
    figures = Counter(change.cause for change in found)
    ids = {"run": old.record.id, "anew": today.record.id, "total": len(today.record.entities)}
    plain(say("rejudge.summary", **ids), "bold")
    plain(say("rejudge.rules_same" if old.record.rules_digest == catalog.digest else "rejudge.rules_differ"))
    plain(say("rejudge.against", against=newer.record.id) if newer else say("rejudge.against_none"))
    for cause in Cause:
        if figures[cause] or cause is Cause.RULE or (newer and cause is Cause.PORTAL):
            plain(say(f"changed.{cause}", count=figures[cause]), "yellow" if cause is Cause.UNREAD else "")
    if found:
        headings = [say(f"word.{word}") for word in ("criterion", "cause", "change", "count")]
        console().print(table(say("rejudge.counts"), headings, _counted(found), right=(3,)))
        print_each(found)


def _counted(found: Sequence[Change]) -> Iterator[list[str | Text]]:
    counts = Counter((f"{one.criterion}.{one.aspect}", one.cause, _verdict(one.before), _verdict(one.after)) for one in found)
    for (criterion, cause, before, after), count in sorted(counts.items()):
        yield [criterion, say(f"cause.{cause}"), say("rejudge.change", before=before, after=after), str(count)]


def print_each(found: Sequence[Change]) -> None:
    """Each change under its entity, as many as a terminal can bear."""
    entity = ""
    for change in found[:SHOWN]:
        if change.entity != entity:
            entity = change.entity
            plain(f"\n{entity}", "bold")
        words = say("rejudge.change", before=_told(change.before), after=_told(change.after))
        plain(f"  {change.criterion}.{change.aspect}: {words} · {say(f'cause.{change.cause}')}")
    if len(found) > SHOWN:
        plain(say("rejudge.more", shown=SHOWN, total=len(found)), "dim")


def _verdict(finding: Finding | None) -> str:
    return called("verdict", finding.verdict) if finding else "–"


def _told(finding: Finding | None) -> str:
    return f"{_verdict(finding)} ({finding.reason})" if finding else "–"


def as_data(old: Run, today: Run, newer: Run | None, found: Sequence[Change]) -> dict[str, object]:
    """All changes for programs."""
    counts = Counter((one.criterion, one.aspect, one.cause, _plain(one.before), _plain(one.after)) for one in found)
    names = ("criterion", "aspect", "cause", "before", "after")
    return {
        "run": today.record.id,
        "rejudged_from": old.record.id,
        "against": newer.record.id if newer else None,
        "entities": len(today.record.entities),
        "rules": {"before": old.record.rules_digest, "after": today.record.rules_digest},
        "causes": {cause.value: sum(one.cause is cause for one in found) for cause in Cause},
        "counts": [dict(zip(names, key, strict=True)) | {"count": count} for key, count in sorted(counts.items(), key=str)],
        "changes": [_change_data(one) for one in found],
    }


def _plain(finding: Finding | None) -> str | None:
    return finding.verdict.value if finding else None


def _change_data(change: Change) -> Mapping[str, object]:
    sides = {"before": change.before, "after": change.after}
    told = {name: finding and {"verdict": finding.verdict.value, "reason": finding.reason} for name, finding in sides.items()}
    return {"entity": change.entity, "criterion": change.criterion, "aspect": change.aspect, "cause": change.cause.value, **told}
