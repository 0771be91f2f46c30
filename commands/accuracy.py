"""`veedor accuracy`: how often the program is right, against portals that careful people have judged (results/agreement.py)."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from audits.catalog import Catalog
from audits.facts import read
from audits.judge import judge
from audits.model import Finding
from commands import store
from commands.accuracy_report import as_record, show_report
from commands.audit import Asked, Work, begin, select, settings_for
from commands.display import show_json
from commands.errors import UserError
from commands.home import Home
from commands.leaving_out import without_own_names
from commands.runs import Run
from crawler.capture import Capture, CaptureRecord, Entity
from crawler.replay import replay
from results.agreement import NEGATIVE, POSITIVE, Case, Label
from results.database import open_database
from results.queries import entity_findings

Labels = dict[tuple[str, str], Label]


def show_accuracy(folder: Path, *, save: Path | None = None, as_json: bool = False) -> None:
    """Audit all judged portals from their archives, in a home of its own that is thrown away, and print how right that was.

    `save` keeps the figures as JSON, from which `docs/accuracy.md` is made.
    """
    labels = read_labels(folder / "labels.csv")
    with TemporaryDirectory(prefix="veedor-accuracy-") as temporary:
        cases, unseen = judged(Path(temporary), folder, labels)
    if not cases:
        raise UserError("nothing_labelled", file=folder / "labels.csv")
    record = as_record(cases, unseen)
    if save:
        save.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if as_json:
        show_json(record)
    else:
        show_report(cases, unseen)


def read_labels(path: Path) -> Labels:
    """What people said by portal and criterion. Raises UserError naming what the file lacks."""
    if not path.is_file():
        raise UserError("no_such_file", file=path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        wanted = ("site", "criterion", "verdict")
        missing = [column for column in wanted if column not in (reader.fieldnames or ())]
        if missing:
            raise UserError("missing_columns", file=path, columns=", ".join(missing), all=", ".join(wanted))
        return {
            (row["site"], row["criterion"]): Label(row["verdict"], row.get("newest") or "", row.get("useful") or "")
            for row in reader
        }


def judged(home_dir: Path, folder: Path, labels: Labels) -> tuple[list[Case], list[Case]]:
    """The cases of an audit of the portals, and those of the same captures judged without the names that one portal alone uses.

    Without a browser: no label speaks of what only a browser sees.
    """
    home = Home(home_dir)
    home.make()
    db = open_database(home.database)
    catalog = store.rules()
    asked = Asked(table=folder / "portals.csv", browser=False)
    chosen = select(asked, db, catalog)
    settings = settings_for(asked, chosen)
    run = begin(home, chosen, settings, catalog, anew=True)
    Work(run, chosen, settings, catalog, db).do()
    cases = [
        case for entity in chosen.entities for case in _cases(entity, (f.finding for f in entity_findings(db, entity.id)), labels)
    ]
    return cases, [case for capture, findings in _unseen(run, catalog) for case in _cases(capture.entity, findings, labels)]


def _unseen(run: Run, catalog: Catalog) -> Iterator[tuple[Capture, tuple[Finding, ...]]]:
    captures = [
        replay(CaptureRecord.model_validate_json(file.read_bytes()), run.folder, read, catalog.impostor)
        for file in sorted((run.folder / "captures").glob("*.json"))
    ]
    for capture, rules in without_own_names(captures, catalog):
        yield capture, judge(capture, rules)


def _cases(entity: Entity, findings: Iterable[Finding], labels: Labels) -> Iterator[Case]:
    by_criterion: dict[str, dict[str, Finding]] = defaultdict(dict)
    for finding in findings:
        by_criterion[finding.criterion][finding.aspect] = finding
    for criterion, aspects in by_criterion.items():
        label = labels.get((entity.id, criterion))
        if label and label.verdict in POSITIVE | NEGATIVE:
            yield Case(entity.id, ", ".join(entity.languages), criterion, label, aspects)
