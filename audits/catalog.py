"""Reads `rules/`. A folder is a criterion, a file a framework, a kind of provider or of impostor; nothing registers anything."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from audits.impostors import Impostor, Impostors
from audits.lexicon import Lexicon, Phrases, Words
from audits.model import Criterion, Framework, Status
from audits.packs import Check, Country, Provider, StandIn, SuccessCriterion, Tongue
from audits.readability import Measure
from crawler.capture import Link, PageFacts, Reason, Record

RULES = Path(__file__).resolve().parent.parent / "rules"


class RulesError(Exception):
    """A mistake in the rules, in one sentence with the file and the remedy."""


@dataclass(frozen=True)
class Catalog:
    """All rules, read and checked. `words` maps language → thing → words; `signs` maps language → list → words."""

    criteria: dict[str, Criterion]
    frameworks: dict[str, Framework]
    providers: tuple[Provider, ...]
    countries: dict[str, Country]
    impostors: tuple[Impostor, ...]
    tongues: tuple[Tongue, ...]
    readability: dict[str, Measure]
    stand_ins: dict[str, StandIn]
    success_criteria: dict[str, SuccessCriterion]
    checks: dict[str, Check]
    words: dict[str, dict[str, Words]]
    signs: dict[str, dict[str, tuple[str, ...]]]
    reasons: dict[str, dict[str, Any]]
    vocabulary: dict[str, Any]
    digest: str
    root: Path = field(default=RULES)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages in which things have names."""
        return tuple(sorted(self.words))

    @cached_property
    def scored(self) -> frozenset[str]:
        """Ids of criteria that count in scores."""
        return frozenset(c.id for c in self.criteria.values() if c.status in (Status.PROVISIONAL, Status.STABLE))

    def topics(self, link: Link) -> frozenset[str]:
        """Criteria that following a link may prove. Those that a link proves by its mere presence need no visit."""
        return self.lexicon().topics(link) - self._proven_by_presence

    @cached_property
    def _proven_by_presence(self) -> frozenset[str]:
        return frozenset(c.id for c in self.criteria.values() if not {"providers", "search"} ^ set(c.find))

    def lexicon(self, languages: tuple[str, ...] = (), country: str = "") -> Lexicon:
        """The words of the given languages (all where none of them is known) and of a country (of all where none is given)."""
        chosen = tuple(lang for lang in self.languages if lang in languages) or self.languages
        return _lexicon(self, chosen, country)

    def sign(self, name: str, languages: tuple[str, ...] = ()) -> Phrases:
        """The words of one list of signs ("under_construction", "offices" …), each standing for itself."""
        chosen = tuple(lang for lang in self.languages if lang in languages) or self.languages
        return _sign(self, name, chosen)

    def impostor(self, facts: PageFacts, status: int) -> Reason | None:
        """What a page stands in for, by its words in any language and its HTTP status; None where it is what it seems to be."""
        return self._impostors.recognise(facts, status)

    @cached_property
    def _impostors(self) -> Impostors:
        named = {name for one in self.impostors for name in one.lists}
        lists = {name: [word for signs in self.signs.values() for word in signs.get(name, ())] for name in named}
        return Impostors(self.impostors, lists)

    def __hash__(self) -> int:
        return hash(self.digest)


@lru_cache(maxsize=64)
def _lexicon(catalog: Catalog, languages: tuple[str, ...], country: str) -> Lexicon:
    packs = [pack for code, pack in sorted(catalog.countries.items()) if code == country or not country]
    own: list[Mapping[str, Words]] = [pack.words for pack in packs]
    if not country:  # where any country may be meant, what one of them does not call so another does
        own = [{key: Words(names=w.names, inside=w.inside, says=w.says) for key, w in words.items()} for words in own]
    sources = [*(catalog.words[lang] for lang in languages), *own]
    things = sorted({key for source in sources for key in source})
    words = {key: [source[key] for source in sources if key in source] for key in things}
    filler = [word for lang in languages for word in catalog.signs.get(lang, {}).get("filler", ())]
    return Lexicon(words, filler)


@lru_cache(maxsize=512)
def _sign(catalog: Catalog, name: str, languages: tuple[str, ...]) -> Phrases:
    return Phrases((word, word) for lang in languages for word in catalog.signs.get(lang, {}).get(name, ()))


def load(root: Path = RULES) -> Catalog:
    """Read all rules below a folder. Raises RulesError with the first mistake."""
    words, signs = _words(root)
    criteria = dict(_criteria(root))
    return Catalog(
        criteria=criteria,
        frameworks={
            p.stem: _record(Framework, {"id": p.stem, **_toml(p)}, p) for p in sorted((root / "frameworks").glob("*.toml"))
        },
        providers=tuple(_providers(root)),
        countries={c.id: c for c in _countries(root)},
        impostors=tuple(_impostors(root, {name for lists in signs.values() for name in lists})),
        tongues=tuple(_tongues(root / "languages.toml")),
        readability=dict(_measures(root / "readability.toml")),
        stand_ins=_named(StandIn, root / "stand_ins.toml"),
        success_criteria=_named(SuccessCriterion, root / "success_criteria.toml"),
        checks=_named(Check, root / "checks.toml"),
        words=words,
        signs=signs,
        reasons=_toml(root / "reasons.toml"),
        vocabulary=_toml(root / "vocabulary.toml"),
        digest=_digest(root),
        root=root,
    )


def _words(root: Path) -> tuple[dict[str, dict[str, Words]], dict[str, dict[str, tuple[str, ...]]]]:
    """Words and signs of all languages. `[error_page.denied]` is a list of its own and a part of the list "error_page"."""
    words: dict[str, dict[str, Words]] = {}
    signs: dict[str, dict[str, tuple[str, ...]]] = {}
    for path in sorted((root / "words").glob("*/*.toml")):
        language = path.parent.name
        for key, table in _toml(path).items():
            if not isinstance(table, dict):
                raise RulesError(f"{path}: '{key}' must be a table such as [{key}].")
            lists = {key: table} if "words" in table else {f"{key}.{part}": inner for part, inner in table.items()}
            if not all(isinstance(inner, dict) and "words" in inner for inner in lists.values()):
                words.setdefault(language, {})[key] = _record(Words, table, path)
                continue
            known = signs.setdefault(language, {})
            for name, inner in lists.items():
                for sign in {key, name}:
                    known[sign] = known.get(sign, ()) + tuple(inner["words"])
    return words, signs


def _criteria(root: Path) -> Iterator[tuple[str, Criterion]]:
    for path in sorted((root / "criteria").glob("*/criterion.toml")):
        identifier = path.parent.name
        yield identifier, _record(Criterion, {"id": identifier, **_toml(path)}, path)


def _providers(root: Path) -> Iterator[Provider]:
    for path in sorted((root / "providers").glob("*.toml")):
        data = _toml(path)
        for entry in data.get("provider", ()):
            yield _record(Provider, {"kind": data.get("kind", path.stem), **entry}, path)


def _impostors(root: Path, lists: set[str]) -> Iterator[Impostor]:
    """What stands above the first [[page]] of a file holds for all of them."""
    for path in sorted((root / "impostors").glob("*.toml")):
        data = _toml(path)
        pages = data.pop("page", ())
        for entry in pages:
            impostor = _record(Impostor, {**data, **entry}, path)
            unknown = next((name for name in impostor.lists if name not in lists), None)
            if unknown:
                raise RulesError(
                    f"{path}: '{impostor.id}' names the list '{unknown}', which no rules/words/<lang>/signs.toml holds."
                )
            yield impostor


def _countries(root: Path) -> Iterator[Country]:
    """A country's folder: country.toml, and where it has them norms.toml (laws, norms) and words.toml."""
    for path in sorted((root / "countries").glob("*/country.toml")):
        norms, words = path.with_name("norms.toml"), path.with_name("words.toml")
        data = _toml(path) | (_toml(norms) if norms.exists() else {})
        own = {key: _record(Words, table, words) for key, table in _toml(words).items()} if words.exists() else {}
        yield _record(Country, {"id": path.parent.name.upper(), **data, "words": own}, path)


def _tongues(path: Path) -> Iterator[Tongue]:
    for entry in _toml(path).get("language", ()):
        yield _record(Tongue, entry, path)


def _measures(path: Path) -> Iterator[tuple[str, Measure]]:
    for language, table in _toml(path).items():
        yield language, _record(Measure, {"language": language, **table}, path)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RulesError(f"{path} is missing; restore it from the program's own rules.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesError(f"{path} is not valid TOML: {error}.") from None


R = TypeVar("R", bound=Record)


def _record(model: type[R], data: dict[str, Any], path: Path) -> R:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RulesError(f"{path}: '{where}': {first['msg']}.") from None


def _named(model: type[R], path: Path) -> dict[str, R]:
    """The tables of a file, by the names they have."""
    return {name: _record(model, {"id": name, **data}, path) for name, data in _toml(path).items()}


def _digest(root: Path) -> str:
    """One digest over all rules, so that a verdict can say under which rules it was given; fixtures do not count."""
    total = hashlib.sha256()
    for path in sorted(root.rglob("*.toml")):
        if "fixtures" not in path.parts:
            total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()
