"""`veedor publish DIR`: the results as a static site."""

from pathlib import Path

from commands import store
from commands.display import plain
from commands.wording import say, spoken
from results.site.publish import publish


def publish_site(home_dir: Path, folder: Path, run: str, base_url: str) -> None:
    """Write the site of one run, or of the latest run of every country, into a folder of its own."""
    _, db = store.open_home(home_dir)
    catalog = store.rules()
    report = publish(
        db,
        catalog.frameworks.values(),
        catalog.criteria.values(),
        catalog.reasons,
        catalog.vocabulary,
        folder,
        run or None,
        base_url,
    )
    plain(say("publish.done", pages=report.pages, entities=report.entities, countries=report.countries))
    plain(str(report.out / spoken() / "index.html"), "bold")
