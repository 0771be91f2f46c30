"""Mistakes in the rules that reading alone does not find: one sentence each, with the file and the remedy."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from audits.catalog import RULES, Catalog, load
from audits.judge import search_of
from audits.model import LANGUAGES, Criterion, Framework, Item, Kind, Status, Texts, references
from audits.packs import Country, Provider
from commands import store
from commands.display import notice, plain
from commands.errors import UserError
from commands.rules_accessibility import accessibility_faults
from commands.wording import say
from results.countries import country_names

BLANK = re.compile("⟨([^⟩]*)⟩?")
"""A blank that `veedor rules new` left for a person to fill: ⟨what belongs there⟩."""

_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"(=?{_LABEL}(\.{_LABEL})+|={_LABEL})")
"""A host in lower case without scheme, port or path; "=" in front stands for that host only, which may then be a single word."""

VERDICTS = {"contact": ("passed", "failed"), "certificate": ()}
"""Verdicts that a search can give of a page by itself, where they are not passed, failed and cant_tell."""

EVERY = ("passed", "failed", "cant_tell")
NAMED = ("content",)
"""Searches that can find nothing without names."""


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
    """Every mistake in the rules."""
    for criterion in catalog.criteria.values():
        yield from _criterion_faults(criterion, catalog)
    for framework in catalog.frameworks.values():
        yield from _framework_faults(framework, catalog)
    for country in catalog.countries.values():
        yield from _country_faults(country, catalog)
    yield from _provider_faults(catalog)
    yield from accessibility_faults(catalog)
    for kind, things in catalog.vocabulary.items():
        for name, text in things.items():
            yield from _text_faults(str(catalog.root / "vocabulary.toml"), f"{kind}.{name}", text)
    for code, entry in catalog.reasons.items():
        for part, text in entry.items():
            yield from _text_faults(str(catalog.root / "reasons.toml"), f"{code}.{part}", text)
    yield from _blanks(catalog.root)


def _text_faults(file: str, name: str, text: object, languages: Collection[str] = LANGUAGES) -> Iterator[str]:
    if isinstance(text, dict):
        missing = [language for language in languages if not text.get(language)]
        if missing:
            yield say("rules.fault_language", file=file, name=name, languages=", ".join(missing))


def _blanks(root: Path) -> Iterator[str]:
    for path in sorted(path for path in root.rglob("*") if path.suffix in (".toml", ".html") and path.is_file()):
        for line, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            for blank in () if text.lstrip().startswith("#") else BLANK.finditer(text):
                yield say("rules.fault_blank", file=path, line=line, what=blank.group(1))


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


# Criteria ---


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
    known = catalog.vocabulary.get("group", {})
    if criterion.group not in known:
        yield say("rules.fault_group", file=file, item=criterion.id, name=criterion.group, known=", ".join(known))
    if criterion.status in (Status.PROVISIONAL, Status.STABLE):
        yield from _scored_faults(criterion, file, catalog)


def _scored_faults(criterion: Criterion, file: str, catalog: Catalog) -> Iterator[str]:
    """What a criterion that counts must have besides."""
    if not criterion.sources:
        yield say("rules.fault_sources", file=file)
    nameless = [lang for lang in LANGUAGES if not catalog.words.get(lang, {}).get(criterion.id, None)]
    if criterion.find.get("search") in NAMED and nameless:
        yield say("rules.fault_names", file=file, id=criterion.id, languages=", ".join(nameless))
    # What a browser sees cannot be shown by a page alone: accessibility has its tests in tests/.
    if criterion.kind is Kind.ACCESSIBILITY:
        return
    fixtures = Path(file).parent / "fixtures"
    for verdict in VERDICTS.get(str(criterion.find.get("search")), EVERY):
        if not any(fixtures.glob(f"{verdict}_*")):
            yield say("rules.fault_fixtures", file=fixtures, verdict=verdict)


# Frameworks ---


def _framework_faults(framework: Framework, catalog: Catalog) -> Iterator[str]:
    file = f"{catalog.root}/frameworks/{framework.id}.toml"
    own: Collection[str] = (framework.language,) if framework.kind == "index" else LANGUAGES
    if framework.kind == "index" and not framework.language:
        yield say("rules.fault_no_language", file=file)
        own = ()
    yield from _text_faults(file, "title", framework.title, own)
    for key, name in framework.groups.items():
        yield from _text_faults(file, f"groups.{key}", name, own)
    for band in framework.bands:
        yield from _text_faults(file, "bands.name", band.name, own)
    for code in _repeated(item.code for item in framework.items):
        yield say("rules.fault_twice", file=file, name=code)
    for code in sorted(framework.baselines.keys() - {item.code for item in framework.items}):
        yield say("rules.fault_baseline", file=file, name=code)
    for country in framework.countries:
        if country not in country_names():
            yield say("rules.fault_country", file=file, name=country)
    yield from _band_faults(framework, file)
    for item in framework.items:
        yield from _item_faults(framework, item, file, own)
        yield from _reference_faults(item, file, catalog)


def _band_faults(framework: Framework, file: str) -> Iterator[str]:
    steps = [band.at_least for band in framework.bands]
    if steps != sorted(steps, reverse=True):
        yield say("rules.fault_bands", file=file)
    if any(band.musts for band in framework.bands) and not any(item.must for item in framework.items):
        yield say("rules.fault_musts", file=file)


def _item_faults(framework: Framework, item: Item, file: str, own: Collection[str]) -> Iterator[str]:
    yield from _text_faults(file, f"{item.code}.title", item.title, own)
    demanded: tuple[tuple[str, Texts], ...] = (("text", item.text),) if framework.kind == "goals" else ()
    if item.target is not None:
        demanded += (("unit", item.unit),)
    given = (("text", item.text), ("unit", item.unit), ("rule", item.rule), ("note", item.note))
    for name, text in dict([*demanded, *((name, text) for name, text in given if text)]).items():
        yield from _text_faults(file, f"{item.code}.{name}", text, own)
    if item.group not in (framework.groups or ("",)):
        yield say("rules.fault_group", file=file, item=item.code, name=item.group, known=", ".join(framework.groups))


def _reference_faults(item: Item, file: str, catalog: Catalog) -> Iterator[str]:
    for reference in references(item):
        identifier, _, aspect = reference.partition(".")
        criterion = catalog.criteria.get(identifier)
        if criterion is None:
            hint = store.near(identifier, list(catalog.criteria), inside=True)
            yield say("rules.fault_reference", file=file, item=item.code, name=reference, near=hint)
        elif aspect not in ("", "*") and aspect not in criterion.aspects:
            yield say("rules.fault_aspect", file=file, item=item.code, name=reference, aspects=", ".join(criterion.aspects))


# Countries and providers ---


def _country_faults(country: Country, catalog: Catalog) -> Iterator[str]:
    folder = catalog.root / "countries" / country.id.lower()
    if country.note:
        yield from _text_faults(str(folder / "country.toml"), "note", country.note)
    kinds = {(provider.kind, provider.id) for provider in catalog.providers}
    for kind, named in country.platforms.items():
        for name in named:
            if (kind, name) not in kinds:
                hint = store.near(name, [known for _, known in kinds], inside=True)
                yield say("rules.fault_platform", file=folder / "country.toml", kind=kind, name=name, near=hint)
    for law in _repeated(law.id for law in country.laws):
        yield say("rules.fault_twice", file=folder / "norms.toml", name=law)
    laws = {law.id for law in country.laws}
    for norm in country.norms:
        if norm.law not in laws:
            yield say("rules.fault_law", file=folder / "norms.toml", criterion=norm.criterion, name=norm.law)
        if norm.criterion not in catalog.criteria:
            hint = store.near(norm.criterion, list(catalog.criteria), inside=True)
            yield say("rules.fault_thing", file=folder / "norms.toml", name=norm.criterion, near=hint)
    things = {thing for words in catalog.words.values() for thing in words} | catalog.criteria.keys()
    for thing in sorted(country.words.keys() - things):
        hint = store.near(thing, sorted(things), inside=True)
        yield say("rules.fault_thing", file=folder / "words.toml", name=thing, near=hint)


def _provider_faults(catalog: Catalog) -> Iterator[str]:
    folder = f"{catalog.root}/providers"
    for name in _repeated(provider.id for provider in catalog.providers):
        yield say("rules.fault_twice", file=folder, name=name)
    for provider in catalog.providers:
        where = f"{folder} ({provider.kind})"
        for host in provider.hosts:
            if not HOST.fullmatch(host):
                yield say("rules.fault_host", file=where, id=provider.id, host=host)
        if not (provider.hosts or provider.scripts or provider.fields):
            yield say("rules.fault_unseen", file=where, id=provider.id)
        yield from _proof_faults(provider, where)


def _proof_faults(provider: Provider, where: str) -> Iterator[str]:
    """What is known of a provider by reading has its source; general knowledge says that it is that."""
    if not provider.source and provider.evidence != "GK":
        yield say("rules.fault_provider_source", file=where, id=provider.id)
    for country in provider.countries:
        if country not in country_names():
            yield say("rules.fault_country", file=where, name=f"{provider.id}: {country}")
