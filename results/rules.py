"""The rules as rows, so that the database explains itself: criteria, frameworks, items and what each item rests on."""

from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from audits.model import LANGUAGES, Criterion, Framework, Item, Texts
from results.rows import as_json, insert, upsert


def store_rules(db: Database, criteria: Iterable[Criterion], frameworks: Iterable[Framework]) -> None:
    """Write criteria and frameworks over what stands there, in one transaction.

    A criterion or an item that is gone from the rules keeps its row, because old findings and scores speak of it.
    """
    with db.atomic():
        upsert(db, "criteria", [_criterion(criterion) for criterion in criteria])
        known = {row[0] for row in db.execute("SELECT id FROM criteria")}
        for framework in frameworks:
            upsert(db, "frameworks", [_framework(framework)])
            upsert(db, "items", [_item(framework, item, position) for position, item in enumerate(framework.items)])
            db.conn.executemany(
                "DELETE FROM item_references WHERE item_id = ?", [(item_id(framework, item),) for item in framework.items]
            )
            insert(db, "item_references", [row for item in framework.items for row in _references(framework, item, known)])


def item_id(framework: Framework, item: Item) -> str:
    """The id of an item in the database."""
    return f"{framework.id}.{item.code}"


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {
        "id": criterion.id,
        "kind": criterion.kind.value,
        "status": criterion.status.value,
        "group_name": criterion.group,
        **_texts("title", criterion.title),
        **_texts("what", criterion.what),
        "timely_days": criterion.timely_days,
    }


def _framework(framework: Framework) -> dict[str, Any]:
    return {
        "id": framework.id,
        **_texts("title", framework.title),
        "source": framework.source,
        "evidence": framework.evidence,
        "floor": framework.floor,
        "kind": framework.kind,
        "language": framework.language,
        "countries": as_json(list(framework.countries)),
        "groups": as_json(framework.groups),
        "bands": as_json([band.model_dump(mode="json") for band in framework.bands]),
    }


def _item(framework: Framework, item: Item, position: int) -> dict[str, Any]:
    return {
        "id": item_id(framework, item),
        "framework_id": framework.id,
        "code": item.code,
        "position": position,
        **_texts("title", item.title),
        **_texts("text", item.text),
        **_texts("unit", item.unit),
        **_texts("rule", item.rule),
        **_texts("note", item.note),
        "levels": as_json(list(item.levels)),
        "target": item.target,
        "or_double": int(item.or_double),
        "group_name": item.group,
        "weight": item.weight,
        "must": int(item.must),
        "evidence": item.evidence or framework.evidence,
    }


def _references(framework: Framework, item: Item, known: set[str]) -> Iterable[dict[str, Any]]:
    rules: list[tuple[str, Texts, float | None, tuple[str, ...]]]
    rules = [("essential", rule.name, None, rule.any_of) for rule in item.essentials]
    rules += [("share", rule.name, rule.at_least, rule.of) for rule in item.shares]
    for position, (rule, name, at_least, named) in enumerate(rules):
        for reference in named:
            criterion, _, aspect = reference.partition(".")
            yield {
                "item_id": item_id(framework, item),
                "rule": rule,
                "rule_position": position,
                **_texts("name", name),
                "at_least": at_least,
                "reference": reference,
                "criterion_id": criterion if criterion in known else None,
                "aspect": aspect,
            }


def _texts(name: str, text: Texts) -> dict[str, str]:
    return {f"{name}_{language}": text.get(language, "") for language in LANGUAGES}
