"""`veedor rules …`: a sub-app of the command line. Like `cli.py`, it only parses and calls one function."""

import typer

from commands import options as o
from commands.options import HOME, HomeDir, Json, Lang, example, help_text

app = typer.Typer(help=help_text("rules"), no_args_is_help=True)
new_app = typer.Typer(help=help_text("rules_new"), no_args_is_help=True)
app.add_typer(new_app, name="new")


@app.command("list", help=help_text("rules_list"), epilog=example("veedor rules list"))
def rules_list(as_json: Json = False, lang: Lang = None) -> None:
    from commands.rules import list_criteria

    list_criteria(as_json=as_json)


@app.command("show", help=help_text("rules_show"), epilog=example("veedor rules show approved_budget"))
def rules_show(identifier: o.RuleId, as_json: Json = False, lang: Lang = None) -> None:
    from commands.rules import show_rule

    show_rule(identifier, as_json=as_json)


@app.command("check", help=help_text("rules_check"), epilog=example("veedor rules check", "veedor rules check my-rules"))
def rules_check(folder: o.RulesDir = None, lang: Lang = None) -> None:
    from commands.rules_check import check_rules

    check_rules(folder)


@app.command("candidates", help=help_text("rules_candidates"), epilog=example(
    "veedor rules candidates",
    "veedor rules candidates --run 20260301T120000Z --kind payment",
))  # fmt: skip
def rules_candidates(
    run: o.CandidatesRun = "", kind: o.CandidatesKind = "", home_dir: HomeDir = HOME, as_json: Json = False, lang: Lang = None
) -> None:
    from commands.candidates import show_candidates

    show_candidates(home_dir, run, kind, as_json=as_json)


@new_app.command("criterion", help=help_text("new_criterion"), epilog=example(
    "veedor rules new criterion noise_map --kind information",
    "veedor rules new criterion lost_property --kind service --group interaction --rules-dir my-rules",
))  # fmt: skip
def new_criterion(
    identifier: o.NewId, kind: o.NewKind, group: o.NewGroup = "", rules_dir: o.NewDir = None, lang: Lang = None
) -> None:
    from commands import rules_new

    rules_new.new_criterion(rules_new.folder_of(rules_dir), identifier, kind, group)


@new_app.command("country", help=help_text("new_country"), epilog=example("veedor rules new country AW"))
def new_country(code: o.NewCountry, rules_dir: o.NewDir = None, lang: Lang = None) -> None:
    from commands import rules_new

    rules_new.new_country(rules_new.folder_of(rules_dir), code)


@new_app.command("provider", help=help_text("new_provider"), epilog=example(
    "veedor rules new provider payment pay_example --host pay.example.org",
))  # fmt: skip
def new_provider(
    kind: o.NewProviderKind, identifier: o.NewId, host: o.NewHost, rules_dir: o.NewDir = None, lang: Lang = None
) -> None:
    from commands import rules_new

    rules_new.new_provider(rules_new.folder_of(rules_dir), kind, identifier, host)


@new_app.command("framework", help=help_text("new_framework"), epilog=example(
    "veedor rules new framework aw_wob",
    "veedor rules new framework city_ladder --kind ladder",
))  # fmt: skip
def new_framework(identifier: o.NewId, kind: o.NewFrameworkKind = "index", rules_dir: o.NewDir = None, lang: Lang = None) -> None:
    from commands import rules_new

    rules_new.new_framework(rules_new.folder_of(rules_dir), identifier, kind)


@new_app.command("language", help=help_text("new_language"), epilog=example("veedor rules new language pap"))
def new_language(language: o.NewLanguage, rules_dir: o.NewDir = None, lang: Lang = None) -> None:
    from commands import rules_new

    rules_new.new_language(rules_new.folder_of(rules_dir), language)
