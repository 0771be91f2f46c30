"""`veedor rules`: look at what is asked of portals, and check it."""

from collections.abc import Iterator
from pathlib import Path

from audits.catalog import RULES, Catalog, load
from audits.judge import search_of
from audits.model import LANGUAGES, Criterion, Framework, Item, Kind, Status, Texts, references
from commands import store
from commands.display import console, notice, plain, show_json, table
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
    """A list of demands with the target of each."""
    plain(pick(framework.title), "bold")
    plain(framework.source, "dim")
    for item in framework.items:
        mark = "" if references(item) else f" · {say('score.no_rule')}"
        plain(f"{item.code:>4}  {pick(item.title)}{mark}")


def print_item(item: Item) -> None:
    """One demand in its source's words, and the rule by which it is measured."""
    plain(f"{item.code} · {pick(item.title)}", "bold")
    plain(pick(item.text))
    if item.rule:
        plain(f"\n{say('rules.rule')}: {pick(item.rule)}")
    for name in references(item):
        plain(f"· {name}")


def check_rules(folder: Path | None) -> None:
    """Name every mistake with its file; raises UserError when there is one."""
    if folder and not folder.is_dir():
        raise UserError("no_such_file", file=folder)
    catalog = load(folder or RULES)
    found = sorted(set(faults(catalog)))
    for fault in found:
        notice(fault)
    if found:
        raise UserError("rules_faulty", count=len(found))
    named = len({thing for words in catalog.words.values() for thing in words})
    counts = {"criteria": len(catalog.criteria), "frameworks": len(catalog.frameworks), "providers": len(catalog.providers)}
    plain(say("rules.fine", **counts, words=named, digest=catalog.digest[:12]))


def faults(catalog: Catalog) -> Iterator[str]:
    """Every mistake that reading alone does not find: one sentence each, with file and remedy."""
    for criterion in catalog.criteria.values():
        yield from _criterion_faults(criterion, catalog)
    for framework in catalog.frameworks.values():
        yield from _framework_faults(framework, catalog)
    for kind, things in catalog.vocabulary.items():
        for name, text in things.items():
            yield from _text_faults(str(catalog.root / "vocabulary.toml"), f"{kind}.{name}", text)
    for code, entry in catalog.reasons.items():
        file = catalog.root / "reasons.toml"
        for part, text in entry.items():
            yield from _text_faults(str(file), f"{code}.{part}", text)


def _text_faults(file: str, name: str, text: object) -> Iterator[str]:
    if isinstance(text, dict):
        missing = [language for language in LANGUAGES if not text.get(language)]
        if missing:
            yield say("rules.fault_language", file=file, name=name, languages=", ".join(missing))


def _criterion_faults(criterion: Criterion, catalog: Catalog) -> Iterator[str]:
    file = f"{catalog.root}/criteria/{criterion.id}/criterion.toml"
    for name in ("title", "what", "why", "guidance"):
        yield from _text_faults(file, name, getattr(criterion, name))
    for code, text in criterion.messages.items():
        yield from _text_faults(file, f"messages.{code}", text)
    try:
        yield from (f"{file}: {fault}" for fault in search_of(criterion).check(criterion))
    except (KeyError, ModuleNotFoundError):
        yield say("rules.fault_search", file=file, name=criterion.find.get("search", ""))
    if not criterion.sources and criterion.status in (Status.PROVISIONAL, Status.STABLE):
        yield say("rules.fault_sources", file=file)
    fixtures = Path(file).parent / "fixtures"
    # What a browser sees cannot be shown by a page alone: accessibility has its tests in tests/.
    shown_by_pages = criterion.kind is not Kind.ACCESSIBILITY and criterion.status in (Status.PROVISIONAL, Status.STABLE)
    if shown_by_pages and not any(fixtures.glob("passed*")):
        yield say("rules.fault_fixtures", file=fixtures)


def _framework_faults(framework: Framework, catalog: Catalog) -> Iterator[str]:
    file = f"{catalog.root}/frameworks/{framework.id}.toml"
    for item in framework.items:
        texts: tuple[tuple[str, Texts], ...] = (("title", item.title), ("text", item.text), ("unit", item.unit))
        for name, text in texts:
            yield from _text_faults(file, f"{item.code}.{name}", text)
        for reference in references(item):
            identifier, _, aspect = reference.partition(".")
            criterion = catalog.criteria.get(identifier)
            if criterion is None:
                hint = store.near(identifier, list(catalog.criteria), inside=True)
                yield say("rules.fault_reference", file=file, item=item.code, name=reference, near=hint)
            elif aspect not in ("", "*") and aspect not in criterion.aspects:
                yield say("rules.fault_aspect", file=file, item=item.code, name=reference, aspects=", ".join(criterion.aspects))
