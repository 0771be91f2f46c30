"""`veedor rules`: look at what is asked of portals. Checking it stands in `commands/rules_check.py`."""

from audits.catalog import Catalog
from audits.model import Criterion, Framework, Item, references
from commands import store
from commands.display import console, plain, show_json, table
from commands.errors import UserError
from commands.names import called
from commands.wording import pick, say


def list_criteria(*, as_json: bool) -> None:
    """Print every criterion and every list of demands."""
    catalog = store.rules()
    if as_json:
        criteria = [{"id": c.id, "kind": c.kind, "status": c.status, "title": c.title} for c in catalog.criteria.values()]
        frameworks = [
            {"id": f.id, "title": f.title, "items": [item.code for item in f.items]} for f in catalog.frameworks.values()
        ]
        show_json({"digest": catalog.digest, "criteria": criteria, "frameworks": frameworks})
        return
    ordered = sorted(catalog.criteria.values(), key=lambda criterion: (criterion.group, criterion.id))
    rows = [[c.id, called("status", c.status), pick(c.title)] for c in ordered]
    console().print(table(say("rules.criteria"), [say("word.id"), say("word.status"), say("word.title")], rows))
    named = [[f.id, str(len(f.items)), pick(f.title)] for f in catalog.frameworks.values()]
    console().print(table(say("rules.frameworks"), [say("word.id"), "№", say("word.title")], named, right=(1,)))


def show_rule(identifier: str, *, as_json: bool) -> None:
    """Print one criterion, one list of demands, or one item of it ("elac2010/45")."""
    catalog = store.rules()
    rule = find_rule(identifier, catalog)
    if as_json:
        show_json(rule.model_dump(mode="json"))
    else:
        print_rule(rule)


def print_rule(rule: Criterion | Framework | Item) -> None:
    """A rule of any kind, as a person reads it."""
    if isinstance(rule, Criterion):
        print_criterion(rule)
    elif isinstance(rule, Framework):
        print_framework(rule)
    else:
        print_item(rule)


def find_rule(identifier: str, catalog: Catalog) -> Criterion | Framework | Item:
    """What an id names, or one sentence that says what may have been meant."""
    name, _, code = identifier.partition("/")
    framework = catalog.frameworks.get(name)
    if framework and code:
        found = {item.code: item for item in framework.items}
        if code not in found:
            raise UserError("no_goal", framework=name, code=code, known=", ".join(found))
        return found[code]
    rule = framework or catalog.criteria.get(identifier)
    if rule is None:
        raise UserError(
            "no_rule", id=identifier, near=store.near(identifier, [*catalog.criteria, *catalog.frameworks], inside=True)
        )
    return rule


def print_criterion(criterion: Criterion) -> None:
    """One criterion, as a person reads it."""
    plain(f"{criterion.id} · {called('status', criterion.status)}", "bold")
    plain(pick(criterion.title))
    for word, text in (("what", criterion.what), ("why", criterion.why), ("guidance", criterion.guidance)):
        plain(f"\n{say(f'rules.{word}')}", "bold")
        plain(pick(text))
    for word, lines in (("assumptions", criterion.assumptions), ("sources", criterion.sources)):
        if lines:
            plain(f"\n{say(f'rules.{word}')}", "bold")
            for line in lines:
                plain(f"· {line}")
    plain(f"\n{say('rules.search')}: {criterion.find['search']} · {', '.join(criterion.aspects)}", "dim")


def print_framework(framework: Framework) -> None:
    """A list of demands: what it is, whom it binds, and its items by group."""
    plain(pick(framework.title, framework.language), "bold")
    plain(framework.source, "dim")
    plain(" · ".join([say(f"rules.kind_{framework.kind}"), ", ".join(framework.countries) or say("rules.all_countries")]), "dim")
    width, group = max(len(item.code) for item in framework.items), ""
    for item in framework.items:
        if item.group != group:
            group = item.group
            plain(f"\n{pick(framework.groups.get(group, {}), framework.language) or group}", "bold")
        mark = "" if references(item) else f" · {say('score.no_rule')}"
        plain(f"{item.code:>{width}}  {pick(item.title, framework.language)}{mark}")


def print_item(item: Item) -> None:
    """One demand in its source's words, and the rule by which it is measured."""
    plain(f"{item.code} · {pick(item.title)}", "bold")
    plain(pick(item.text))
    if item.note:
        plain(pick(item.note), "dim")
    if item.rule:
        plain(f"\n{say('rules.rule')}: {pick(item.rule)}")
    for name in references(item):
        plain(f"· {name}")
