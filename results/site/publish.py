"""Writes the scorecards as a static site: pages in three languages, one style sheet, and the data; no script, no other server."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from sqlite_utils import Database

from audits.model import LANGUAGES, Criterion, Framework
from results import queries
from results.scores import counted
from results.site.data import Asked, CountryView, country_view, entity_view, place_in, tallies
from results.site.downloads import Download, write_downloads
from results.site.errors import SiteError
from results.site.pages import Page, country_pages, criterion_pages, entity_pages, framework_pages, front_pages
from results.site.standings import Pack, Packs, framework_view
from results.site.wording import Vocabulary, Words

MARKER = ".veedor-site"
"""The file by which we know a site of our own: only such a folder, or an empty one, is ever replaced."""

STATIC = Path(__file__).parent / "static"


class PublishReport(NamedTuple):
    """What was written where. `bytes` counts all files, `heaviest` the largest page."""

    out: Path
    countries: int
    entities: int
    pages: int
    bytes: int
    heaviest: int


def publish(
    db: Database,
    frameworks: Iterable[Framework],
    criteria: Iterable[Criterion],
    reasons: Mapping[str, Mapping[str, Any]],
    vocabulary: Vocabulary,
    out: Path,
    run: str | None = None,
    base_url: str = "",
    packs: Packs | None = None,
) -> PublishReport:
    """Write the site of one run, or of the latest run of each country, to the folder `out`: whole or not at all.

    `reasons` maps a reason code to its words by language (or to `text`) and to its `remedy`; `vocabulary` maps a kind of thing
    and an id to its name by language, and its kind `group` orders the criteria too. `base_url` is the address where the site
    will stand, for the links by which search engines know the languages of a page; `packs` hold laws by country. Raises
    SiteError for a folder that is not empty and was not made by us, for one that cannot be written, and where there is nothing
    to publish.
    """
    out = Path(os.path.abspath(out))  # noqa: PTH100 - a link to a folder is replaced, not what it leads to
    _demand_ours(out)
    base = _base(base_url)
    chosen = _choose(db, run)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as place:
            fresh = Path(place) / "site"
            fresh.mkdir()
            rules = Rules(list(frameworks), list(criteria), packs or {})
            report = _Builder(db, rules, Wording(reasons, vocabulary), fresh, base).build(chosen)
            _swap(fresh, out, Path(place) / "old")
    except OSError as error:
        raise SiteError("cannot_write", folder=out, why=error.strerror or error) from error
    return report._replace(out=out)


def _demand_ours(out: Path) -> None:
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_dir():
        raise SiteError("not_a_folder", folder=out)
    if any(out.iterdir()) and not (out / MARKER).is_file():
        raise SiteError("not_ours", folder=out)


def _base(url: str) -> str:
    if url and urlsplit(url).scheme not in ("http", "https"):
        raise SiteError("bad_base", url=url)
    return url.rstrip("/") + "/" if url else ""


def _choose(db: Database, run: str | None) -> dict[str, str]:
    """Which run speaks for which country."""
    if run is None:
        chosen = {country.code: country.run for country in queries.countries_with_results(db)}
        if not chosen:
            raise SiteError("no_results")
        return chosen
    chosen = {visit.country: run for visit in queries.run_visits(db, run)}
    if not chosen:
        raise SiteError("unknown_run", run=run)
    return chosen


def _swap(fresh: Path, out: Path, old: Path) -> None:
    """Put the new folder where the old one was; the old one comes back if that fails."""
    replaced = out.exists() or out.is_symlink()
    if replaced:
        out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        if replaced:
            old.rename(out)
        raise


class Rules(NamedTuple):
    """What is asked, and by which laws."""

    frameworks: Sequence[Framework]
    criteria: Sequence[Criterion]
    packs: Packs


class Wording(NamedTuple):
    """The words for reasons, and the names of things."""

    reasons: Mapping[str, Mapping[str, Any]]
    vocabulary: Vocabulary


class _Builder:
    """Writes all files of one site into a folder and counts them."""

    def __init__(self, db: Database, rules: Rules, wording: Wording, folder: Path, base_url: str) -> None:
        self.db, self.frameworks, self.packs, self.folder = db, rules.frameworks, rules.packs, folder
        floors = {framework.id: framework.floor for framework in rules.frameworks}
        self.asked = Asked(floors, counted(rules.criteria), list(wording.vocabulary.get("group", ())))
        self.criteria = sorted(rules.criteria, key=lambda criterion: place_in(self.asked.order, criterion.group))
        self.words = [Words(language, *wording) for language in LANGUAGES]
        self.pages = self.heaviest = self.entities = 0
        self.jinja = _environment(base_url)

    def build(self, chosen: Mapping[str, str]) -> PublishReport:
        shutil.copytree(STATIC, self.folder, dirs_exist_ok=True)
        (self.folder / MARKER).write_text("veedor\n", encoding="utf-8")
        self._keep(self.folder / "index.html", self.jinja.get_template("start.html").render(all_words=self.words))
        packs = self.packs
        countries = [country_view(self.db, code, run, self.frameworks, packs.get(code, Pack())) for code, run in chosen.items()]
        downloads: list[Download] = []
        for country in countries:
            downloads += write_downloads(self.db, country.run, country.code, self.folder / "data")
        for page in self._pages(countries, downloads, chosen):
            self._write(page)
        size = sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())
        return PublishReport(self.folder, len(countries), self.entities, self.pages, size, self.heaviest)

    def _pages(
        self, countries: Sequence[CountryView], downloads: Sequence[Download], chosen: Mapping[str, str]
    ) -> Iterator[Page]:
        by_id = {criterion.id: criterion for criterion in self.criteria}
        runs = [run for run in queries.list_runs(self.db) if run.id in chosen.values()]
        yield from front_pages(countries, self.frameworks, runs, downloads)
        yield from criterion_pages(self.criteria, self.frameworks, tallies(self.db, chosen), self.packs)
        standing = {country.code: country.standings for country in countries}
        views = [framework_view(framework, by_id, self.asked.counted, standing) for framework in self.frameworks]
        yield from framework_pages(views, by_id)
        for country in countries:
            yield from country_pages(country, self.frameworks, by_id)
            for visit in country.visits:
                self.entities += 1
                yield from entity_pages(entity_view(self.db, visit, country, self.asked), country, by_id)

    def _write(self, page: Page) -> None:
        template = self.jinja.get_template(page.template)
        here = "../" * page.path.count("/")
        for words in self.words:
            crumbs = [(_label(words, kind, name), target) for kind, name, target in page.crumbs]
            told = {**page.context, "w": words, "path": page.path, "here": here, "root": "../" + here, "crumbs": crumbs}
            self._keep(self.folder / words.lang / page.path, template.render(told))

    def _keep(self, path: Path, html: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = html.encode("utf-8", "replace")
        path.write_bytes(raw)
        self.pages += 1
        self.heaviest = max(self.heaviest, len(raw))


def _label(words: Words, kind: str, name: str) -> str:
    """A step of the path: the name of a country, a text of ours, or a name as it is."""
    if kind == "text":
        return words(name)
    return words.country(name) if kind == "country" else name


def _environment(base_url: str) -> Environment:
    jinja = Environment(
        loader=PackageLoader("results.site"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    jinja.globals.update(languages=LANGUAGES, base_url=base_url, aspect_name=aspect_name, by_criterion=by_criterion)
    jinja.filters.update(outside=outside, evidence_mark=evidence_mark)
    return jinja


def aspect_name(words: Words, aspect: str) -> str:
    """The name of an aspect, which for accessibility is a success criterion of WCAG."""
    return words.name("wcag" if words.names("wcag", aspect) else "aspect", aspect)


def by_criterion(decided_by: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """The verdicts behind one demand, "criterion.aspect" by criterion: {criterion: [(aspect, verdict)]}."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, verdict in decided_by.items():
        criterion, _, aspect = key.partition(".")
        found.setdefault(criterion, []).append((aspect, verdict))
    return found


def outside(url: str) -> Markup:
    """A link to somebody else's page; an address that is not http(s) is shown as words only, never as a link."""
    try:
        harmless = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        harmless = False
    shown = escape(url if len(url) <= 200 else url[:199] + "…")
    return (
        Markup('<a class="out" rel="noreferrer nofollow" href="{}">{}</a>').format(url, shown)
        if harmless
        else Markup("<span>{}</span>").format(shown)
    )


def evidence_mark(source: str) -> Markup:
    """A source whose mark of evidence ("[V] …") stands out."""
    mark, bracket, rest = source.partition("] ")
    if not (bracket and mark.startswith("[")):
        return escape(source)
    return Markup("<strong>{}</strong> {}").format(mark + "]", rest)
