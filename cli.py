"""The command line: one command per stage; parse, call one function of `commands/`, print.

Everything heavy is imported inside the commands, so that `veedor --help` answers at once.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from commands import wording
from commands.entry import Stages, prepare_streams
from commands.wording import Language, say

wording.speak(wording.choose(sys.argv[1:], os.environ))


def _speak(language: Language | None) -> None:
    if language:
        wording.speak(language)


def _text(key: str) -> str:
    return say(f"help.{key}")


def _option(flag: str, key: str, **rest: Any) -> Any:
    """An option with its help in the language spoken; a default that is empty is not shown."""
    return typer.Option(flag, help=_text(key), **rest)


def _argument(key: str, **rest: Any) -> Any:
    """An argument with its help in the language spoken."""
    return typer.Argument(help=_text(key), **rest)


def _example(*lines: str) -> str:
    return "\n\n".join((say("help.example"), *lines))


HomeDir = Annotated[Path, typer.Option("--home-dir", envvar="VEEDOR_HOME", help=_text("home_dir"), metavar="DIR")]
Lang = Annotated[
    Language | None,
    _option("--lang", "lang", callback=_speak, is_eager=True, show_default=False, metavar="LANG"),
]
Json = Annotated[bool, _option("--json", "json", metavar="")]
Countries = Annotated[list[str] | None, _option("--country", "country", metavar="CC")]
Levels = Annotated[list[str] | None, _option("--level", "level", metavar="LEVEL")]
HOME = Path("veedor-data")

app = typer.Typer(
    name="veedor", cls=Stages, help=_text("veedor"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
registry_app = typer.Typer(help=_text("registry"), no_args_is_help=True)
rules_app = typer.Typer(help=_text("rules"), no_args_is_help=True)


@app.command("audit", help=_text("audit"), epilog=_example(
    "veedor audit https://www.muni.example/ --country PE",
    "veedor audit --country PE --level local",
    "veedor audit --from portal.warc.gz",
))  # fmt: skip
def audit(
    urls: Annotated[list[str] | None, _argument("audit_urls", metavar="URL", show_default=False)] = None,
    country: Countries = None,
    level: Levels = None,
    entity: Annotated[list[str] | None, _option("--entity", "audit_entity", metavar="ID")] = None,
    archive: Annotated[list[Path] | None, _option("--from", "audit_from", metavar="WARC")] = None,
    start: Annotated[str, _option("--home", "audit_home", metavar="URL", show_default=False)] = "",
    portals: Annotated[Path | None, _option("--portals", "audit_portals", metavar="TABLE")] = None,
    pages: Annotated[int | None, _option("--pages", "audit_pages", metavar="N", min=1, max=10_000)] = None,
    documents: Annotated[int | None, _option("--documents", "audit_documents", metavar="N", min=0, max=10_000)] = None,
    contact: Annotated[str, _option("--contact", "audit_contact", metavar="URL", envvar="VEEDOR_CONTACT")] = "",
    browser: Annotated[bool, _option("--browser/--no-browser", "audit_browser", metavar="")] = True,
    chromium: Annotated[
        str,
        _option("--chromium", "audit_chromium", envvar="VEEDOR_CHROMIUM", metavar="PATH", show_default=False),
    ] = "",
    at_once: Annotated[int | None, _option("--at-once", "audit_at_once", metavar="N", min=1, max=64)] = None,
    allow_private: Annotated[list[str] | None, _option("--allow-private", "audit_allow_private", metavar="HOST")] = None,
    new: Annotated[bool, _option("--new", "audit_new", metavar="")] = False,
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
        browser=browser,
        chromium=chromium,
        allow_private=tuple(allow_private or ()),
        at_once=at_once,
    )
    run_audit(home_dir, asked, as_json=as_json)


@registry_app.command("import", help=_text("registry_import"), epilog=_example("veedor registry import municipios.csv"))
def registry_import(
    file: Annotated[Path, _argument("registry_file", metavar="FILE")],
    source: Annotated[str, _option("--source", "registry_source", metavar="TEXT", show_default=False)] = "",
    country: Annotated[str, _option("--country", "registry_country", metavar="CC", show_default=False)] = "",
    level: Annotated[str, _option("--level", "registry_level", metavar="LEVEL", show_default=False)] = "",
    home_dir: HomeDir = HOME,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from commands.registry import import_file

    import_file(home_dir, file, source, country, level, as_json=as_json)


@registry_app.command("list", help=_text("registry_list"), epilog=_example("veedor registry list --country PE --level local"))
def registry_list(
    words: Annotated[list[str] | None, _argument("registry_words", metavar="WORD", show_default=False)] = None,
    country: Countries = None,
    level: Levels = None,
    limit: Annotated[int, _option("--limit", "registry_limit", metavar="N", min=1)] = 50,
    home_dir: HomeDir = HOME,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from commands.registry import list_entities

    list_entities(home_dir, country or (), level or (), " ".join(words or ()), limit, as_json=as_json)


@registry_app.command("show", help=_text("registry_show"), epilog=_example("veedor registry show pe-lima"))
def registry_show(
    entity: Annotated[str, _argument("entity", metavar="ENTITY")],
    home_dir: HomeDir = HOME,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from commands.registry import show_entity

    show_entity(home_dir, entity, as_json=as_json)


@registry_app.command("check", help=_text("registry_check"), epilog=_example("veedor registry check"))
def registry_check(home_dir: HomeDir = HOME, as_json: Json = False, lang: Lang = None) -> None:
    from commands.registry import check_registry

    check_registry(home_dir, as_json=as_json)


@registry_app.command("funnel", help=_text("registry_funnel"), epilog=_example("veedor registry funnel"))
def registry_funnel(home_dir: HomeDir = HOME, as_json: Json = False, lang: Lang = None) -> None:
    from commands.registry import show_funnel

    show_funnel(home_dir, as_json=as_json)


@app.command("show", help=_text("show"), epilog=_example("veedor show pe-lima --criterion approved_budget"))
def show(
    entity: Annotated[str, _argument("entity", metavar="ENTITY")],
    criterion: Annotated[list[str] | None, _option("--criterion", "show_criterion", metavar="ID")] = None,
    run: Annotated[str, _option("--run", "show_run", metavar="RUN", show_default=False)] = "",
    home_dir: HomeDir = HOME,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from commands.show import show_findings

    show_findings(home_dir, entity, tuple(criterion or ()), run, as_json=as_json)


@app.command("score", help=_text("score"), epilog=_example("veedor score PE", "veedor score PE --goal 45 --level local --why"))
def score(
    country: Annotated[str, _argument("score_country", metavar="COUNTRY")],
    goal: Annotated[list[str] | None, _option("--goal", "score_goal", metavar="CODE")] = None,
    level: Levels = None,
    framework: Annotated[str, _option("--framework", "score_framework", metavar="ID")] = "elac2010",
    why: Annotated[bool, _option("--why", "score_why", metavar="")] = False,
    home_dir: HomeDir = HOME,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from commands.score import show_score

    show_score(home_dir, country, framework, tuple(goal or ()), tuple(level or ()), why=why, as_json=as_json)


@app.command("runs", help=_text("runs"), epilog=_example("veedor runs"))
def runs(home_dir: HomeDir = HOME, as_json: Json = False, lang: Lang = None) -> None:
    from commands.listing import list_runs

    list_runs(home_dir, as_json=as_json)


@rules_app.command("list", help=_text("rules_list"), epilog=_example("veedor rules list"))
def rules_list(as_json: Json = False, lang: Lang = None) -> None:
    from commands.rules import list_criteria

    list_criteria(as_json=as_json)


@rules_app.command("show", help=_text("rules_show"), epilog=_example("veedor rules show approved_budget"))
def rules_show(identifier: Annotated[str, _argument("rules_id", metavar="ID")], as_json: Json = False, lang: Lang = None) -> None:
    from commands.rules import show_rule

    show_rule(identifier, as_json=as_json)


@rules_app.command("check", help=_text("rules_check"), epilog=_example("veedor rules check"))
def rules_check(
    folder: Annotated[Path | None, _argument("rules_dir", metavar="DIR", show_default=False)] = None,
    lang: Lang = None,
) -> None:
    from commands.rules import check_rules

    check_rules(folder)


@app.command("publish", help=_text("publish"), epilog=_example("veedor publish site/"))
def publish(
    folder: Annotated[Path, _argument("publish_dir", metavar="DIR")],
    run: Annotated[str, _option("--run", "publish_run", metavar="RUN", show_default=False)] = "",
    base_url: Annotated[str, _option("--base-url", "publish_base", metavar="URL", show_default=False)] = "",
    home_dir: HomeDir = HOME,
    lang: Lang = None,
) -> None:
    from commands.publish import publish_site

    publish_site(home_dir, folder, run, base_url)


@app.command("accuracy", help=_text("accuracy"), epilog=_example("veedor accuracy ../shared/portals"))
def accuracy(
    folder: Annotated[Path, _argument("accuracy_dir", metavar="PORTALS_DIR")],
    home_dir: HomeDir = HOME,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from commands.accuracy import show_accuracy

    show_accuracy(home_dir, folder, as_json=as_json)


@app.command("doctor", help=_text("doctor"), epilog=_example("veedor doctor"))
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
