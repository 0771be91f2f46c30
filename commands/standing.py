"""Indexes and ladders in the terminal: where a body or a country stands, and the arithmetic item by item."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.text import Text
from sqlite_utils import Database

from audits.catalog import Catalog
from audits.model import Framework
from commands import store
from commands.display import console, indented, number, percent, plain, show_json, table
from commands.errors import NothingDoneError, UserError
from commands.names import called
from commands.wording import pick, say
from crawler.capture import Level
from results.index_queries import country_indexes
from results.indexes import IndexScore, Part, binds
from results.queries import latest_run
from results.records import EntityIndex
from results.scores import Scored
from results.scoring import State
from results.standing import LevelledIndex, StandingRow, standing

PROVISIONAL = "°"
"""Stands behind what rests on criteria whose accuracy is not known yet; `say("show.provisional")` explains it once."""

MARKS = {State.PASSED: "✓", State.FAILED: "✗", State.UNKNOWN: "?", State.INAPPLICABLE: "–", State.NOT_COUNTED: "·"}


def marked(text: str, provisional: int) -> str:
    """The text with the mark of what is provisional, where it is."""
    return text + PROVISIONAL if provisional else text


def print_indexes(indexes: Sequence[EntityIndex], catalog: Catalog) -> None:
    """A line for each ladder and index that binds a body; those that the rules no longer hold are left out."""
    known = [(catalog.frameworks[entry.framework], entry.index) for entry in indexes if entry.framework in catalog.frameworks]
    if not known:
        return
    plain(f"\n{say('index.title')}", "bold underline")
    for framework, index in known:
        title = Text(marked(pick(framework.title, framework.language), index.provisional), style="bold")
        indented(title.append(f"  {framework.id}", style="dim not bold"), 1)
        indented(Text(summary(framework, index)), 5)
    if any(index.provisional for _, index in known):
        plain(say("show.provisional"), "dim")


def summary(framework: Framework, index: IndexScore) -> str:
    """Where one body stands, in one line: value or rung, bounds, band, coverage, and what no criterion answers."""
    parts = [say("index.unknown") if index.value is None else figure(framework, index.value)]
    if index.lower != index.upper:
        parts.append(say("index.between", low=figure(framework, index.lower), high=figure(framework, index.upper)))
    if framework.bands and index.rated:
        best, worst = band(framework, index.band_upper), band(framework, index.band_lower)
        name = band(framework, index.band)
        parts.append(name if best == worst else say("index.band", name=name, low=worst, high=best))
    if not index.rated:
        parts.append(called("outcome", "not_rated"))
    parts.append(say("index.coverage", coverage=percent(index.coverage)))
    if index.unmeasured:
        parts.append(say("index.unmeasured", count=index.unmeasured))
    return " · ".join(parts)


def figure(framework: Framework, value: float | None) -> str:
    """A share for an index; for a ladder the rung and its name, or that none is reached."""
    if framework.kind != "ladder" or value is None:
        return percent(value)
    rung = int(value)
    if not rung:
        return say("index.no_rung")
    return say("index.rung", place=rung, name=pick(framework.items[rung - 1].title, framework.language))


def band(framework: Framework, place: int | None) -> str:
    """The name of a band, or that the value lies below all of them."""
    return say("index.no_band") if place is None else pick(framework.bands[place].name, framework.language)


def print_parts(found: Scored) -> None:
    """Every item of one framework for one body: its weight, whether it holds, and the verdicts behind it."""
    framework = found.framework
    group = ""
    for part in found.parts:
        if part.item.group != group:
            group = part.item.group
            plain(f"\n{pick(framework.groups.get(group, {}), framework.language) or group}", "bold underline")
        indented(_part_line(framework, part), 1)
        for verdicts, name in _decided(part):
            indented(Text(f"{name}: {verdicts}", style="dim"), 5)
    total = found.total
    if total:
        plain(f"\n{arithmetic(found, total)}", "bold")


def _part_line(framework: Framework, part: Part) -> Text:
    line = Text(f"{MARKS[part.state]} {part.item.code} ").append(pick(part.item.title, framework.language), style="bold")
    facts = [called("state", part.state) if part.state is not State.NOT_COUNTED else say("index.no_criterion")]
    if framework.kind == "index":
        facts.append(say("index.weight", weight=f"{part.item.weight:g}"))
    if part.item.must:
        facts.append(say("index.must"))
    return line.append(marked(f" · {' · '.join(facts)}", part.score.provisional), style="dim not bold")


def _decided(part: Part) -> Iterator[tuple[str, str]]:
    """The verdicts of each demand, one line a verdict."""
    for step in part.score.steps:
        for verdict in dict.fromkeys(step.decided_by.values()):
            yield ", ".join(key for key, given in step.decided_by.items() if given is verdict), called("verdict", verdict)


def arithmetic(found: Scored, total: IndexScore) -> str:
    """How the figure comes about: weights that hold of those measured, or the rungs climbed."""
    line = summary(found.framework, total)
    if found.framework.kind == "ladder":
        return line
    held, measured = (
        sum(part.item.weight for part in found.parts if part.state in states)
        for states in ({State.PASSED}, {State.PASSED, State.FAILED})
    )
    return say("index.arithmetic", held=f"{held:g}", measured=f"{measured:g}", line=line)


def show_standing(db: Database, country: str, framework: Framework, levels: Sequence[Level], *, why: bool, as_json: bool) -> None:
    """Print where the bodies of a country stand in one index or ladder, in its latest run; with `why` body by body."""
    run = latest_run(db, country)
    if run is None:
        raise NothingDoneError("no_score", country=country)
    found = [entry for entry in found_in(db, country, framework, run) if not levels or entry.level in levels]
    rows = rows_of(framework, found, levels)
    if as_json:
        bodies = [{"entity": entry.entity, **index_as_data(framework, entry.index)} for entry in found]
        about = {"country": country, "run": run, "framework": framework.id, "kind": framework.kind}
        show_json({**about, "rows": [row.model_dump(mode="json") for row in rows], "entities": bodies})
        return
    name = pick(framework.title, framework.language)
    print_standing(framework, say("score.title", country=store.country_name(country), framework=name), found, rows)
    if why:
        for entry in found:
            plain(f"{entry.entity}: {summary(framework, entry.index)}")
    plain(say("score.run", run=run), "dim")
    if any(entry.index.provisional for entry in found):
        plain(say("show.provisional"), "dim")


def found_in(db: Database, country: str, framework: Framework, run: str) -> list[EntityIndex]:
    """Where the bodies of a country stand in one framework, or one sentence why there is nothing."""
    if not binds(framework, country):
        raise UserError("not_bound", framework=framework.id, countries=", ".join(framework.countries), country=country)
    found = country_indexes(db, country, run).get(framework.id, [])
    if not found:
        raise NothingDoneError("no_index", framework=framework.id, country=store.country_name(country))
    return found


def rows_of(framework: Framework, found: Iterable[EntityIndex], levels: Sequence[Level]) -> list[StandingRow]:
    """The rows to show: those of the levels asked for, else all; `all` only where it adds something."""
    rows = standing(framework, [LevelledIndex(entry.level, entry.index) for entry in found])
    if levels:
        return [row for row in rows if row.level in levels]
    return list(rows if len(rows) > 2 else rows[:1])


def print_standing(framework: Framework, title: str, found: Sequence[EntityIndex], rows: Sequence[StandingRow]) -> None:
    """Means, bounds and coverage by level; below them how many stand in each band, or on each rung."""
    headings = [say(f"word.{word}") for word in ("level", "entities", "rated", "mean", "bounds", "coverage")]
    provisional = max((entry.index.provisional for entry in found), default=0)
    lines = [[called("level", row.level), number(row.entities), number(row.rated), *_figures(framework, row)] for row in rows]
    console().print(table(marked(title, provisional), headings, lines, right=(1, 2, 3, 4, 5)))
    if framework.kind == "ladder":
        print_rungs(framework, rows)
    elif framework.bands:
        for row in rows:
            names = [*(pick(one.name, framework.language) for one in framework.bands), say("index.no_band")]
            counts = " · ".join(f"{name}: {count}" for name, count in zip(names, row.bands, strict=True) if count)
            plain(f"{called('level', row.level)}: {counts or '–'}")
    most = max((entry.index.unmeasured for entry in found), default=0)
    if most:
        plain(say("index.unmeasured_all", count=most, items=len(framework.items)), "dim")


def _figures(framework: Framework, row: StandingRow) -> list[str]:
    def shown(value: float | None) -> str:
        return percent(value) if framework.kind == "index" else ("–" if value is None else f"{value:.2f}")

    return [shown(row.mean), f"{shown(row.lower)} … {shown(row.upper)}", percent(row.coverage)]


def print_rungs(framework: Framework, rows: Sequence[StandingRow]) -> None:
    """How many have reached each rung, for sure and perhaps."""
    for row in rows:
        plain(called("level", row.level), "bold")
        for rung in row.rungs:
            name = pick(framework.items[rung.place - 1].title, framework.language)
            indented(Text(say("index.reached", place=rung.place, name=name, reached=rung.reached, possible=rung.possible)), 2)


def index_as_data(framework: Framework, index: IndexScore) -> Mapping[str, object]:
    """One index or ladder for programs; bands by name too."""
    names = {
        name: pick(framework.bands[place].name, framework.language)
        for name, place in (("band", index.band), ("band_lower", index.band_lower), ("band_upper", index.band_upper))
        if place is not None
    }
    title = pick(framework.title, framework.language)
    return {"framework": framework.id, "title": title, "kind": framework.kind, **index.model_dump(mode="json"), "names": names}


def parts_as_data(found: Scored) -> Mapping[str, object]:
    """The arithmetic of one body in one framework for programs."""
    about = {"framework": found.framework.id, "kind": found.framework.kind}
    items = [
        {
            "item": part.item.code,
            "title": pick(part.item.title, found.framework.language),
            "group": part.item.group,
            "weight": part.item.weight,
            "must": part.item.must,
            "state": part.state,
            "score": part.score.model_dump(mode="json"),
        }
        for part in found.parts
    ]
    total = index_as_data(found.framework, found.total) if found.total else about
    return {**total, "items": items}
