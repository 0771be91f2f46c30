"""`veedor publish DIR`: the results as a static site."""

from pathlib import Path

from audits.packs import Country
from commands import store
from commands.display import plain
from commands.wording import say, spoken
from results.site.publish import publish
from results.site.standings import Law, Norm, Pack


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
        {code: pack_of(country) for code, country in catalog.countries.items()},
    )
    plain(say("publish.done", pages=report.pages, entities=report.entities, countries=report.countries))
    plain(str(report.out / spoken() / "index.html"), "bold")


def pack_of(country: Country) -> Pack:
    """The laws and periodicities of a country, as pages show them."""
    names = {law.id: law.name for law in country.laws}
    laws = tuple(Law(law.name, law.subject, law.url, law.evidence) for law in country.laws)
    norms = tuple(
        Norm(norm.criterion, norm.days, names.get(norm.law, norm.law), norm.item, norm.evidence) for norm in country.norms
    )
    return Pack(laws, norms)
