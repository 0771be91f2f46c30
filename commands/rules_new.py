"""`veedor rules new …`: writes the files of a new rule, with comments and blanks. What stands there already is never touched."""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

from audits.catalog import RULES, Catalog, load
from audits.model import LANGUAGES
from commands.display import plain
from commands.errors import UserError
from commands.rules_check import BLANK, HOST
from commands.wording import say
from results.countries import country_names

SKELETONS = Path(__file__).parent / "skeletons"

ID = re.compile(r"[a-z][a-z0-9_]*")
LANGUAGE = re.compile(r"[a-z]{2,3}")
GROUPS = {"information": "information", "service": "interaction"}
"""Kinds of criteria that a person can add without Python, and the group of each where none is named."""

KINDS = ("index", "goals", "ladder")
FAILING = ("es", "pt")
SHOWN = 12
"""Blanks of one file that are listed one by one."""

Files = dict[str, str]
"""Texts of files by their path below the folder of rules."""


def folder_of(asked: Path | None) -> Path:
    """The folder of rules that is meant: the one named, else that of this program."""
    return asked or RULES


def new_criterion(root: Path, identifier: str, kind: str, group: str) -> None:
    """Write a draft criterion with its words and fixtures."""
    catalog = _catalog(root)
    _demand(ID, identifier, "bad_id")
    _demand_known(kind, list(GROUPS), "--kind")
    group = group or GROUPS[kind]
    _demand_known(group, list(catalog.vocabulary["group"]), "--group")
    folder = f"criteria/{identifier}"
    files = {f"{folder}/criterion.toml": _fill(f"{kind}.toml", id=identifier, group=group)}
    for language in LANGUAGES:
        files[f"words/{language}/{identifier}.toml"] = _fill("words.toml", id=identifier, **_named(language))
        files[f"{folder}/fixtures/passed_{language}.html"] = _fixture(kind, "passed", language)
    for language in FAILING:
        files[f"{folder}/fixtures/failed_{language}.html"] = _fixture(kind, "failed", language)
    files[f"{folder}/fixtures/cant_tell_es.html"] = _fixture(kind, "cant_tell", "es")
    _write(root, files)


def new_country(root: Path, code: str) -> None:
    """Write the pack of a country: its facts, its laws, and words of its own."""
    _catalog(root)
    code = code.upper()
    if code not in country_names():
        raise UserError("bad_country", country=code)
    country = country_names()[code]["en"]
    folder = f"countries/{code.lower()}"
    names = {"country.toml": "country.toml", "norms.toml": "norms.toml", "words.toml": "country_words.toml"}
    _write(root, {f"{folder}/{name}": _fill(skeleton, country=country) for name, skeleton in names.items()})


def new_provider(root: Path, kind: str, identifier: str, host: str) -> None:
    """Write a provider of a known kind (payment, identity …) that is recognised by its host."""
    catalog = _catalog(root)
    _demand(ID, identifier, "bad_id")
    _demand(HOST, host, "bad_host")
    _demand_known(kind, sorted({provider.kind for provider in catalog.providers}), "KIND")
    if any(provider.id == identifier for provider in catalog.providers):
        raise UserError("already_there", file=f"{root}/providers ({identifier})")
    _write(root, {f"providers/{kind}_{identifier}.toml": _fill("provider.toml", id=identifier, kind=kind, host=host)})


def new_framework(root: Path, identifier: str, kind: str) -> None:
    """Write a list of demands with one item."""
    _catalog(root)
    _demand(ID, identifier, "bad_id")
    _demand_known(kind, list(KINDS), "--kind")
    _write(root, {f"frameworks/{identifier}.toml": _fill("framework.toml", id=identifier, kind=kind)})


def new_language(root: Path, language: str) -> None:
    """Write the words of a language: every thing that English has names for, each with a blank and the English names above it."""
    catalog = _catalog(root)
    _demand(LANGUAGE, language, "bad_language")
    files = {}
    for path in sorted((root / "words" / "en").glob("*.toml")):
        target = f"words/{language}/{path.name}"
        if not (root / target).exists():
            files[target] = "\n".join([f"# {say('blank.language', language=language)}", *_tables(path, language, catalog)])
    if not files:
        raise UserError("already_there", file=root / "words" / language)
    _write(root, files)


def _tables(path: Path, language: str, catalog: Catalog) -> list[str]:
    """One table a thing or sign of an English file, to be filled or deleted."""
    lines = []
    for key in re.findall(r"^\[([^\[\]]+)\]", path.read_text(encoding="utf-8"), re.MULTILINE):
        thing = catalog.words["en"].get(key)
        english = thing.names if thing else catalog.signs["en"].get(key, ())
        lines += ["", f"# {', '.join(english[:SHOWN])}", f"[{key}]", f'{"names" if thing else "words"} = ["⟨{language}: {key}⟩"]']
    return [*lines, ""]


def _catalog(root: Path) -> Catalog:
    if not root.is_dir():
        raise UserError("no_such_file", file=root)
    return load(root)


def _demand(pattern: re.Pattern[str], value: str, fault: str) -> None:
    if not pattern.fullmatch(value):
        raise UserError(fault, id=value)


def _demand_known(value: str, known: list[str], option: str) -> None:
    if value not in known:
        raise UserError("unknown_choice", value=value, option=option, known=", ".join(known))


def _blanks() -> Mapping[str, str]:
    """The blanks of skeletons by name, in the language spoken."""
    named = "source assumption title what why guidance languages time_zone suffix currency law url provider list item text"
    return {name: _blank(name) for name in named.split()}


def _blank(name: str, **values: str) -> str:
    return f"⟨{say(f'blank.{name}', **values)}⟩"


def _fill(skeleton: str, **values: str) -> str:
    return Template((SKELETONS / skeleton).read_text(encoding="utf-8")).substitute({**_blanks(), **values})


def _named(language: str) -> dict[str, str]:
    return {name: _blank(name, language=language) for name in ("name", "inside")}


def _fixture(kind: str, verdict: str, language: str) -> str:
    own = f"{kind}_{verdict}_{language}.html"
    return _fill(own if (SKELETONS / own).is_file() else f"{kind}_{verdict}.html", language=language, **_named(language))


def _write(root: Path, files: Files) -> None:
    """Write all files or none, and tell which blanks they hold."""
    taken = next((root / name for name in files if (root / name).exists()), None)
    if taken:
        raise UserError("already_there", file=taken)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        plain(str(path), "bold")
        found = [(line, match.group(1)) for line, row in enumerate(text.splitlines(), 1) for match in BLANK.finditer(row)]
        for line, what in found[:SHOWN]:
            plain(say("new.blank", line=line, what=what))
        if len(found) > SHOWN:
            plain(say("new.more", count=len(found) - SHOWN))
    plain(say("new.next", folder=root))
