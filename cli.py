"""The command line: one command per stage; parse, call one function of `commands/`, print.

Everything heavy is imported inside the commands, so that `veedor --help` answers at once.
"""

import typer

from commands import options as o
from commands.entry import Stages, prepare_streams
from commands.options import HOME, Countries, HomeDir, Json, Lang, Levels, example, help_text
from commands.rules_app import app as rules_app

app = typer.Typer(
    name="veedor",
    cls=Stages,
    help=help_text("veedor"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
registry_app = typer.Typer(help=help_text("registry"), no_args_is_help=True)


@app.command("audit", help=help_text("audit"), epilog=example(
    "veedor audit https://www.muni.example/ --country PE",
    "veedor audit --country PE --level local --contact https://observatorio.example/veedor",
    "veedor audit --country PE --hours 21:00-06:00 --delay 5 --settings slow.toml",
    "veedor audit --from portal.warc.gz",
))  # fmt: skip
def audit(
    urls: o.AuditUrls = None,
    country: Countries = None,
    level: Levels = None,
    entity: o.AuditEntities = None,
    archive: o.AuditFrom = None,
    start: o.AuditHome = "",
    portals: o.AuditPortals = None,
    pages: o.AuditPages = None,
    documents: o.AuditDocuments = None,
    contact: o.AuditContact = "",
    delay: o.AuditDelay = None,
    hours: o.AuditHours = None,
    browser: o.AuditBrowser = True,
    chromium: o.AuditChromium = "",
    webdriver: o.AuditWebDriver = "",
    at_once: o.AuditAtOnce = None,
    allow_private: o.AuditPrivate = None,
    settings: o.AuditSettings = None,
    new: o.AuditNew = False,
    home_dir: HomeDir = HOME,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from commands.audit import Asked, run_audit

    asked = Asked(
        urls=tuple(urls or ()),
        countries=tuple(country or ()),
        levels=tuple(level or ()),
        ids=tuple(entity or ()),
        archives=tuple(archive or ()),
        home=start,
        table=portals,
        new=new,
        pages=pages,
        documents=documents,
        contact=contact,
        delay=delay,
        hours=hours,
        browser=browser,
        chromium=chromium,
        webdriver=webdriver,
        allow_private=tuple(allow_private or ()),
        at_once=at_once,
        settings=settings,
    )
    run_audit(home_dir, asked, as_json=as_json)


@app.command("resume", help=help_text("resume"), epilog=example("veedor resume", "veedor resume 20260301T120000Z"))
def resume(run: o.ResumeRun = "", home_dir: HomeDir = HOME, as_json: Json = False, lang: Lang = None) -> None:
    from commands.resume import resume_run

    resume_run(home_dir, run, as_json=as_json)


@app.command("rejudge", help=help_text("rejudge"), epilog=example(
    "veedor rejudge 20260301T120000Z",
    "veedor rejudge 20260301T120000Z --against 20260401T120000Z",
))  # fmt: skip
def rejudge(run: o.RunId, against: o.Against = "", home_dir: HomeDir = HOME, as_json: Json = False, lang: Lang = None) -> None:
    from commands.rejudge import rejudge_run

    rejudge_run(home_dir, run, against, as_json=as_json)


@app.command("verify", help=help_text("verify"), epilog=example("veedor verify 20260301T120000Z"))
def verify(run: o.RunId, home_dir: HomeDir = HOME, as_json: Json = False, lang: Lang = None) -> None:
    from commands.verify import verify_run

    verify_run(home_dir, run, as_json=as_json)


@app.command("pack", help=help_text("pack"), epilog=example("veedor pack 20260301T120000Z pe-lima --out pe-lima.wacz"))
def pack(run: o.RunId, entity: o.EntityId, out: o.PackOut = None, home_dir: HomeDir = HOME, lang: Lang = None) -> None:
    from commands.pack import pack_run

    pack_run(home_dir, run, entity, out)


@app.command("politeness", help=help_text("politeness"), epilog=example("veedor politeness"))
def politeness(run: o.PoliteRun = "", home_dir: HomeDir = HOME, as_json: Json = False, lang: Lang = None) -> None:
    from commands.politeness import show_politeness

    show_politeness(home_dir, run, as_json=as_json)


@registry_app.command("import", help=help_text("registry_import"), epilog=example("veedor registry import municipios.csv"))
def registry_import(
    file: o.RegistryFile,
    source: o.RegistrySource = "",
    country: o.RegistryCountry = "",
    level: o.RegistryLevel = "",
    home_dir: HomeDir = HOME,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from commands.registry import import_file

    import_file(home_dir, file, source, country, level, as_json=as_json)


@registry_app.command("list", help=help_text("registry_list"), epilog=example("veedor registry list --country PE --level local"))
def registry_list(
    words: o.RegistryWords = None,
    country: Countries = None,
    level: Levels = None,
    limit: o.RegistryLimit = 50,
    home_dir: HomeDir = HOME,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from commands.registry import list_entities

    list_entities(home_dir, country or (), level or (), " ".join(words or ()), limit, as_json=as_json)


@registry_app.command("show", help=help_text("registry_show"), epilog=example("veedor registry show pe-lima"))
def registry_show(entity: o.EntityId, home_dir: HomeDir = HOME, as_json: Json = False, lang: Lang = None) -> None:
    from commands.registry import show_entity

    show_entity(home_dir, entity, as_json=as_json)


@registry_app.command("check", help=help_text("registry_check"), epilog=example("veedor registry check"))
def registry_check(home_dir: HomeDir = HOME, as_json: Json = False, lang: Lang = None) -> None:
    from commands.registry import check_registry

    check_registry(home_dir, as_json=as_json)


@registry_app.command("funnel", help=help_text("registry_funnel"), epilog=example("veedor registry funnel"))
def registry_funnel(home_dir: HomeDir = HOME, as_json: Json = False, lang: Lang = None) -> None:
    from commands.registry import show_funnel

    show_funnel(home_dir, as_json=as_json)


@app.command("show", help=help_text("show"), epilog=example(
    "veedor show pe-lima --criterion approved_budget",
    "veedor show br-manaus --framework br_pntp",
))  # fmt: skip
def show(
    entity: o.EntityId,
    criterion: o.ShowCriteria = None,
    run: o.ShowRun = "",
    framework: o.ShowFramework = "",
    home_dir: HomeDir = HOME,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from commands.show import show_findings

    show_findings(home_dir, entity, tuple(criterion or ()), run, framework, as_json=as_json)


@app.command("accessibility", help=help_text("accessibility"), epilog=example(
    "veedor accessibility pe-lima",
    "veedor accessibility pe-lima --earl lima.json --csv lima.csv --statement declaracion.html --lang es",
    "veedor accessibility pe-lima --picture 3 barrier.png",
))  # fmt: skip
def accessibility(
    entity: o.EntityId,
    run: o.BodyRun = "",
    earl: o.EarlFile = None,
    csv: o.BarriersFile = None,
    statement: o.StatementFile = None,
    picture: o.Picture = None,
    home_dir: HomeDir = HOME,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from commands.accessibility import Wanted, show_accessibility

    show_accessibility(home_dir, entity, run, Wanted(earl, csv, statement, picture), as_json=as_json)


@app.command("score", help=help_text("score"), epilog=example("veedor score PE", "veedor score PE --goal 45 --level local --why"))
def score(
    country: o.ScoreCountry,
    goal: o.ScoreGoals = None,
    level: Levels = None,
    framework: o.ScoreFramework = "elac2010",
    why: o.ScoreWhy = False,
    home_dir: HomeDir = HOME,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from commands.score import show_score

    show_score(home_dir, country, framework, tuple(goal or ()), tuple(level or ()), why=why, as_json=as_json)


@app.command("runs", help=help_text("runs"), epilog=example("veedor runs"))
def runs(home_dir: HomeDir = HOME, as_json: Json = False, lang: Lang = None) -> None:
    from commands.listing import list_runs

    list_runs(home_dir, as_json=as_json)


@app.command("publish", help=help_text("publish"), epilog=example("veedor publish site/"))
def publish(
    folder: o.PublishDir, run: o.PublishRun = "", base_url: o.PublishBase = "", home_dir: HomeDir = HOME, lang: Lang = None
) -> None:
    from commands.publish import publish_site

    publish_site(home_dir, folder, run, base_url)


@app.command("accuracy", help=help_text("accuracy"), epilog=example("veedor accuracy ../shared/portals"))
def accuracy(folder: o.AccuracyDir, save: o.Save = None, as_json: Json = False, lang: Lang = None) -> None:
    from commands.accuracy import show_accuracy

    show_accuracy(folder, save=save, as_json=as_json)


@app.command("act", help=help_text("act"), epilog=example(
    "veedor act ../shared/act",
    "veedor act ../shared/act --rule 97a4e1 --earl veedor-act.json",
))  # fmt: skip
def act(
    folder: o.ActDir,
    rule: o.ActRules = None,
    save: o.ActSave = None,
    earl: o.ActEarl = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from commands.act import show_act

    show_act(folder, rule or (), save=save, earl=earl, as_json=as_json)


@app.command("doctor", help=help_text("doctor"), epilog=example("veedor doctor"))
def doctor(home_dir: HomeDir = HOME, as_json: Json = False, lang: Lang = None) -> None:
    from commands.doctor import examine

    examine(home_dir, as_json=as_json)


app.add_typer(registry_app, name="registry")
app.add_typer(rules_app, name="rules")


def main() -> None:
    """Run the command line; the exit code is 0 done, 1 nothing could be done, 2 a mistake in what was asked, 130 interrupted."""
    prepare_streams()
    app(prog_name="veedor")


if __name__ == "__main__":
    main()
