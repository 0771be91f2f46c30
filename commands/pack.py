"""`veedor pack RUN ENTITY`: the evidence on one entity as one file that public tools open, complete in itself."""

from pathlib import Path

from audits.facts import read
from commands import store
from commands.display import number, plain
from commands.errors import UserError
from commands.home import Home
from commands.making import program_version
from commands.runs import find_run, origin
from commands.wording import say
from crawler.capture import CaptureRecord, PageFacts
from crawler.replay import files_of, payloads
from crawler.wacz import About, ListedPage, pack


def pack_run(home_dir: Path, run: str, entity: str, out: Path | None) -> None:
    """Write the package (`out`, else ENTITY-RUN.wacz in the working folder) and say what it holds.

    Raises UserError for what is not in the run or has no evidence, ArchiveError where evidence is missing.
    """
    home = Home(home_dir)
    chosen = find_run(home, run)
    source = origin(home, chosen)
    if entity not in source.finished():
        raise UserError("not_in_run", run=run, entity=entity, near=store.near(entity, source.finished(), inside=True))
    capture = source.capture(entity)
    record_ids = [page.record_id for page in capture.pages if page.record_id]
    if not (capture.warcs and record_ids):
        raise UserError("no_evidence", run=run, entity=entity)
    files = files_of(capture, source.folder)
    pages = listed(capture, files)
    about = About(f"{capture.entity.name} ({source.record.id})", f"veedor {program_version()}", capture.visit.as_of)
    target = out or Path(f"{entity}-{source.record.id}.wacz")
    packed = pack(target, files, record_ids, pages, about)
    plain(say("pack.written", file=target, pages=number(len(pages)), records=number(packed.records), bytes=number(packed.bytes)))


def listed(capture: CaptureRecord, files: list[Path]) -> list[ListedPage]:
    """The web pages that were read, in the order of the visit, home first, with their titles."""
    shown = {page.record_id: page for page in capture.pages if page.problem is None and "html" in page.media_type}
    titles: dict[str, str] = {}
    for record_id, body in payloads(files, shown):
        page = shown[record_id]
        facts = read(body, page.url, page.media_type, page.charset)
        titles[record_id] = facts.title if isinstance(facts, PageFacts) else ""
    return [ListedPage(page.url, page.fetched_at, titles.get(page.record_id) or page.url) for page in shown.values()]
