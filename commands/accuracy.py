"""`veedor accuracy`: how often the program is right, against portals that careful people have judged.

Counted as the labels' own README says: `passed` and `external` are positives, `announced` and `failed` negatives;
`cant_tell` and `orphan` are left out. For an *external* label both `passed` and `cant_tell` are right, because the other host
cannot be opened here.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from audits.model import OFFERED, PUBLISHED, Finding, Verdict
from commands import store
from commands.audit import Asked, Work, begin, select, settings_for
from commands.display import console, notice, percent, plain, show_json, table
from commands.errors import UserError
from commands.home import Home
from commands.wording import say
from crawler.capture import Entity
from results.database import open_database
from results.queries import entity_findings
from results.statistics import Proportion, accuracy, cohen_kappa, wilson

POSITIVE = frozenset({"passed", "external"})
NEGATIVE = frozenset({"announced", "failed"})


@dataclass(frozen=True)
class Case:
    """One judged pair: what people said (`label`), what the program said, and whether both mean the same."""

    entity: Entity
    criterion: str
    label: str
    finding: Finding

    @property
    def said(self) -> bool:
        """Whether the program's answer counts as a yes; an open answer to an external label counts as the label."""
        if self.label == "external" and self.finding.verdict is Verdict.CANT_TELL:
            return True
        return self.finding.verdict is Verdict.PASSED

    @property
    def truth(self) -> bool:
        """Whether people said yes."""
        return self.label in POSITIVE


@dataclass(frozen=True)
class Row:
    """The counts of one group of cases and what follows from them."""

    name: str
    right_yes: int
    wrong_yes: int
    missed: int
    right_no: int
    kappa: float | None

    @property
    def precision(self) -> Proportion:
        """Share of the program's yes that is right."""
        return accuracy(self.right_yes, self.wrong_yes, self.missed).precision

    @property
    def recall(self) -> Proportion:
        """Share of people's yes that the program found."""
        return accuracy(self.right_yes, self.wrong_yes, self.missed).recall


def show_accuracy(home_dir: Path, folder: Path, *, as_json: bool = False) -> None:
    """Audit all judged portals from their archives, in a home of its own that is thrown away, and print the tables."""
    labels = read_labels(folder / "labels.csv")
    with TemporaryDirectory(prefix="veedor-accuracy-") as temporary:
        cases = judged(Path(temporary), folder, labels)
    if not cases:
        raise UserError("nothing_labelled", file=folder / "labels.csv")
    total = row_of(say("accuracy.all"), cases)
    groups = {
        "criterion": grouped(cases, lambda case: case.criterion),
        "portal": grouped(cases, lambda case: case.entity.id),
        "language": grouped(cases, lambda case: ", ".join(case.entity.languages)),
    }
    if as_json:
        show_json(
            {
                "all": as_dict(total),
                "failed_rightly": accusations(cases)._asdict(),
                **{name: [as_dict(row) for row in rows] for name, rows in groups.items()},
            }
        )
        return
    for name, rows in groups.items():
        show_table(say(f"accuracy.by_{name}"), [*rows, total])
    fair = accusations(cases)
    plain(say("accuracy.accusations", right=fair.hits, failed=fair.total, share=interval(fair)), style="bold")
    show_mistakes(cases)


def read_labels(path: Path) -> dict[tuple[str, str], str]:
    """Verdicts of people by portal and criterion. Raises UserError naming what the file lacks."""
    if not path.is_file():
        raise UserError("no_such_file", file=path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        wanted = ("site", "criterion", "verdict")
        missing = [column for column in wanted if column not in (reader.fieldnames or ())]
        if missing:
            raise UserError("missing_columns", file=path, columns=", ".join(missing), all=", ".join(wanted))
        return {(row["site"], row["criterion"]): row["verdict"] for row in reader}


def judged(home_dir: Path, folder: Path, labels: dict[tuple[str, str], str]) -> list[Case]:
    """Audit the portals (without a browser: no label speaks of what only a browser sees) and pair findings with labels."""
    home = Home(home_dir)
    home.make()
    db = open_database(home.database)
    catalog = store.rules()
    asked = Asked(table=folder / "portals.csv", browser=False)
    chosen = select(asked, db, catalog)
    settings = settings_for(asked, chosen)
    run = begin(home, chosen, settings, catalog, anew=True)
    Work(run, chosen, settings, catalog, db).do()
    cases = []
    for entity in chosen.entities:
        for found in entity_findings(db, entity.id):
            label = labels.get((entity.id, found.finding.criterion), "")
            if found.finding.aspect in (PUBLISHED, OFFERED) and label in POSITIVE | NEGATIVE:
                cases.append(Case(entity, found.finding.criterion, label, found.finding))
    return cases


def row_of(name: str, cases: Iterable[Case]) -> Row:
    """Counts over some cases."""
    pairs = [(case.truth, case.said) for case in cases]
    kappa = cohen_kappa([str(truth) for truth, _ in pairs], [str(said) for _, said in pairs])
    return Row(
        name,
        pairs.count((True, True)),
        pairs.count((False, True)),
        pairs.count((True, False)),
        pairs.count((False, False)),
        kappa,
    )


def grouped(cases: list[Case], key: Callable[[Case], str]) -> list[Row]:
    """One row per group, by name."""
    return [row_of(name, [case for case in cases if key(case) == name]) for name in sorted({key(case) for case in cases})]


def as_dict(row: Row) -> dict[str, object]:
    """A row for programs."""
    return {
        "name": row.name,
        "true_positives": row.right_yes,
        "false_positives": row.wrong_yes,
        "false_negatives": row.missed,
        "true_negatives": row.right_no,
        "precision": row.precision._asdict(),
        "recall": row.recall._asdict(),
        "kappa": row.kappa,
    }


def show_table(title: str, rows: Iterable[Row]) -> None:
    """Counts, precision and recall with their 95 % intervals, kappa."""
    headings = [
        "",
        *(say(f"accuracy.{name}") for name in ("right_yes", "wrong_yes", "missed", "right_no", "precision", "recall", "kappa")),
    ]
    cells = [
        (
            row.name,
            *map(str, (row.right_yes, row.wrong_yes, row.missed, row.right_no)),
            interval(row.precision),
            interval(row.recall),
            "–" if row.kappa is None else f"{row.kappa:.2f}",
        )
        for row in rows
    ]
    console().print(table(title, headings, cells, right=(1, 2, 3, 4, 7)))


def interval(share: Proportion) -> str:
    """A share with its interval."""
    if share.share is None:
        return "–"
    return f"{percent(share.share)} [{100 * (share.low or 0):.0f}–{100 * (share.high or 0):.0f}]"


def accusations(cases: Iterable[Case]) -> Proportion:
    """Of the verdicts `failed`, those with which people agree: a body told wrongly that it fails is the worst mistake."""
    failed = [case for case in cases if case.finding.verdict is Verdict.FAILED]
    return wilson(sum(not case.truth for case in failed), len(failed))


def show_mistakes(cases: Iterable[Case]) -> None:
    """Every case on which program and people differ."""
    wrong = [case for case in cases if case.said != case.truth]
    for title, some in (("accuracy.wrongly_passed", True), ("accuracy.wrongly_missed", False)):
        chosen = [case for case in wrong if case.said is some]
        plain(f"\n{say(title, count=len(chosen))}", style="bold")
        for case in chosen:
            proof = case.finding.evidence[0] if case.finding.evidence else None
            where = f" · {proof.url} «{proof.quote[:80]}»" if proof else ""
            plain(f"  {case.entity.id} {case.criterion}: {case.finding.verdict} ({case.finding.reason}), {case.label}{where}")
    if not wrong:
        notice(say("accuracy.no_mistakes"))
