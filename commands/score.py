"""`veedor score COUNTRY`: the scorecard, and with --why its arithmetic."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from sqlite_utils import Database

from commands import store
from commands.display import console, indented, percent, plain, show_json
from commands.errors import NothingDoneError, UserError
from commands.names import called
from commands.standing import MARKS, marked, show_standing
from commands.wording import pick, say
from crawler.capture import Level
from results import queries
from results.records import CountryScorecard, ItemScore
from results.scorecards import ALL, GoalVerdict, LevelRow
from results.scoring import EntityScore, outcome

STYLES = {GoalVerdict.MET: "green", GoalVerdict.NOT_MET: "red", GoalVerdict.CANNOT_TELL: "yellow", GoalVerdict.NO_BASELINE: "dim"}
WIDTHS = (14, 14, 14, 9, 0)
"""The least width of each column: level, share, interval, bounds, verdict."""


def show_score(
    home_dir: Path, country: str, framework: str, codes: Sequence[str], named: Sequence[str], *, why: bool, as_json: bool
) -> None:
    """Print the scorecard of a country in its latest run."""
    _, db = store.open_home(home_dir)
    code = store.country_code(country)
    levels = [store.level_of(name) for name in named]
    asked = store.rules().frameworks.get(framework)
    if asked and asked.kind != "goals":
        if codes:
            raise UserError("no_goals_here", framework=framework)
        show_standing(db, code, asked, levels, why=why, as_json=as_json)
        return
    cards = chosen_cards(db, code, framework, codes)
    if as_json:
        show_json([card_as_json(card, levels) for card in cards])
        return
    titles = {row["id"]: {lang: row[f"title_{lang}"] for lang in ("es", "pt", "en")} for row in db["frameworks"].rows}
    print_cards(say("score.title", country=store.country_name(code), framework=pick(titles[framework])), cards, levels)
    plain(say("score.run", run=cards[0].run), "dim")
    plain(say("score.note"), "dim")
    if any(card.item.provisional for card in cards):
        plain(say("show.provisional"), "dim")
    if why:
        scores = queries.country_scores(db, code, cards[0].run)
        for card in cards:
            if card.item.measured:
                explain(card, levels, scores)


def chosen_cards(db: Database, country: str, framework: str, codes: Sequence[str]) -> list[CountryScorecard]:
    """The scorecards that were asked for, or one sentence why there are none."""
    run = queries.latest_run(db, country)
    if run is None:
        raise NothingDoneError("no_score", country=country)
    cards = queries.scorecards(db, country, run, framework)
    if not cards:
        known = ", ".join(
            row["id"] for row in db["frameworks"].rows if row["kind"] == "goals" or row["id"] in store.rules().frameworks
        )
        raise UserError("no_framework", id=framework, known=known)
    known_codes = [card.item.code for card in cards]
    for code in codes:
        if code not in known_codes:
            raise UserError("no_goal", framework=framework, code=code, known=", ".join(known_codes))
    return [card for card in cards if not codes or card.item.code in codes]


def print_cards(title: str, cards: Iterable[CountryScorecard], levels: Sequence[Level] = ()) -> None:
    """The scorecard within 80 columns: a line for each goal and what it asks, and below it one row for each level."""
    plain(title, "bold")
    words = ("level", "share", "interval", "bounds", "verdict")
    console().print(_columns([[Text(say(f"word.{word}"), style="dim") for word in words]]))
    for card in cards:
        title = marked(f"{card.item.code} {pick(card.item.title)}", card.item.provisional)
        line = Text(title, style="bold" if card.item.measured else "")
        console().print(line.append(f" · {asked_of(card)}", style="dim not bold"))
        console().print(_columns(list(_rows(card, levels))))


def _columns(rows: Sequence[Sequence[str | Text]]) -> Table:
    """Rows whose columns stand below each other from goal to goal."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    for width, side in zip(WIDTHS, ("left", "right", "right", "right", "left"), strict=True):
        grid.add_column(justify=side, min_width=width, overflow="fold")  # type: ignore[arg-type]
    for row in rows:
        grid.add_row(Padding(row[0], (0, 0, 0, 3)), *row[1:])
    return grid


def _rows(card: CountryScorecard, levels: Sequence[Level]) -> Iterator[list[str | Text]]:
    for row in shown_rows(card, levels) if card.item.measured else ():
        decided = row.comply + row.not_comply
        yield [
            called("level", row.level),
            f"{row.comply}/{decided}  {percent(row.share)}" if decided else say("score.undecided"),
            between(row.interval_low, row.interval_high),
            between(row.bound_low, row.bound_high),
            Text(called("goal_verdict", row.verdict), style=STYLES[row.verdict]) if row.verdict else "",
        ]


def asked_of(card: CountryScorecard) -> str:
    """What the goal wants: its target, that it names none, or that nothing is measured yet."""
    if not card.item.measured:
        return say("score.no_rule")
    return called("goal_verdict", "none") if card.item.target is None else f"{say('word.target')} {percent(card.item.target)}"


def shown_rows(card: CountryScorecard, levels: Sequence[Level]) -> list[LevelRow]:
    """The rows to show: those of the levels asked for, else all that have bodies; `all` only where it adds something."""
    if levels:
        return [row for row in card.rows if row.level in levels]
    peopled = [row for row in card.rows if row.entities and row.level != ALL]
    return [*peopled, *card.rows[-1:]] if len(peopled) != 1 else peopled


def between(low: float | None, high: float | None) -> str:
    """An interval of shares: "12–40 %"."""
    return "–" if low is None or high is None else f"{100 * low:.0f}–{100 * high:.0f}\N{NO-BREAK SPACE}%"


def explain(card: CountryScorecard, levels: Sequence[Level], scores: dict[str, list[ItemScore]]) -> None:
    """The arithmetic of one goal: its rule, its counts, and the score of every body with the steps that decided."""
    plain("")
    plain(f"{card.item.code} · {pick(card.item.title)}", "bold")
    plain(say("score.rule", rule=pick(card.item.rule)))
    for row in shown_rows(card, levels):
        plain(f"{called('level', row.level)}: {arithmetic(row)}")
    for entity, items in scores.items():
        for scored in items:
            if (scored.item.framework, scored.item.code) == (card.item.framework, card.item.code):
                print_entity(entity, scored.score)


def arithmetic(row: LevelRow) -> str:
    """How the figures of one row come about."""
    lines = [
        say(
            "score.arithmetic",
            comply=row.comply,
            rated=row.comply + row.not_comply,
            open=row.open,
            entities=row.entities,
            share=percent(row.share),
            low=percent(row.interval_low),
            high=percent(row.interval_high),
            bound_low=percent(row.bound_low),
            bound_high=percent(row.bound_high),
        )
    ]
    if row.target_verdict:
        lines.append(say("score.against", target=percent(row.target), verdict=called("goal_verdict", row.target_verdict)))
    if row.double_verdict:
        values = {"baseline": percent(row.baseline), "double": percent(row.double_target)}
        lines.append(say("score.double", **values, verdict=called("goal_verdict", row.double_verdict)))
    return "\n  ".join(lines)


def print_entity(entity: str, score: EntityScore) -> None:
    """The score of one body with every step."""
    line = say(
        "score.entity",
        id=entity,
        outcome=called("outcome", outcome(score)),
        passed=score.passed,
        measured=score.passed + score.failed,
        value=percent(score.value),
        coverage=percent(score.coverage),
        lower=percent(score.lower),
        upper=percent(score.upper),
    )
    plain(line, "bold")
    for step in score.steps:
        counts = {"passed": step.passed, "counted": step.passed + step.failed + step.unknown, "share": percent(step.at_least)}
        asked = "" if step.at_least is None else say("score.asked", **counts)
        indented(Text(f"{MARKS[step.state]} {called('state', step.state)}: {pick(step.name)}{asked}"), 2)
        for verdict in dict.fromkeys(step.decided_by.values()):
            keys = ", ".join(key for key, given in step.decided_by.items() if given is verdict)
            indented(Text(f"{called('verdict', verdict)}: {keys}", style="dim"), 6)


def card_as_json(card: CountryScorecard, levels: Sequence[Level]) -> dict[str, object]:
    """A scorecard for programs; all shares are 0–1."""
    return {
        "country": card.country,
        "run": card.run,
        "framework": card.item.framework,
        "item": card.item.code,
        "title": card.item.title,
        "measured": card.item.measured,
        "provisional": card.item.provisional,
        "rows": [row.model_dump(mode="json") for row in card.rows if not levels or row.level in levels],
    }
