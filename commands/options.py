"""What may be typed after a command: the types of its arguments and options, with their help in the language spoken.

The language is chosen here, because help is written when an option is made. Nothing heavy is loaded for it.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from commands import wording
from commands.wording import Language, say

wording.speak(wording.choose(sys.argv[1:], os.environ))

HOME = Path("veedor-data")


def help_text(key: str) -> str:
    """The help of a command or an option."""
    return say(f"help.{key}")


def example(*lines: str) -> str:
    """Examples below the help of a command, one on each line."""
    return "\n\n".join((say("help.example"), *lines))


def _speak(language: Language | None) -> None:
    if language:
        wording.speak(language)


def _option(flag: str, key: str, **rest: Any) -> Any:
    return typer.Option(flag, help=help_text(key), **rest)


def _unset(flag: str, key: str, **rest: Any) -> Any:
    """An option whose default is empty, which is not shown."""
    return _option(flag, key, show_default=False, **rest)


def _argument(key: str, **rest: Any) -> Any:
    return typer.Argument(help=help_text(key), **rest)


HomeDir = Annotated[Path, _option("--home-dir", "home_dir", envvar="VEEDOR_HOME", metavar="DIR")]
Lang = Annotated[Language | None, _unset("--lang", "lang", callback=_speak, is_eager=True, metavar="LANG")]
Json = Annotated[bool, _option("--json", "json", metavar="")]
Countries = Annotated[list[str] | None, _option("--country", "country", metavar="CC")]
Levels = Annotated[list[str] | None, _option("--level", "level", metavar="LEVEL")]
EntityId = Annotated[str, _argument("entity", metavar="ENTITY")]

AuditUrls = Annotated[list[str] | None, _argument("audit_urls", metavar="URL", show_default=False)]
AuditEntities = Annotated[list[str] | None, _option("--entity", "audit_entity", metavar="ID")]
AuditFrom = Annotated[list[Path] | None, _option("--from", "audit_from", metavar="WARC")]
AuditHome = Annotated[str, _unset("--home", "audit_home", metavar="URL")]
AuditPortals = Annotated[Path | None, _option("--portals", "audit_portals", metavar="TABLE")]
AuditPages = Annotated[int | None, _option("--pages", "audit_pages", metavar="N", min=1, max=10_000)]
AuditDocuments = Annotated[int | None, _option("--documents", "audit_documents", metavar="N", min=0, max=10_000)]
AuditContact = Annotated[str, _option("--contact", "audit_contact", metavar="URL", envvar="VEEDOR_CONTACT")]
AuditDelay = Annotated[float | None, _option("--delay", "audit_delay", metavar="SECONDS", min=0, max=120)]
AuditHours = Annotated[str | None, _option("--hours", "audit_hours", metavar="HH:MM-HH:MM")]
AuditSettings = Annotated[Path | None, _option("--settings", "audit_settings", metavar="FILE")]
AuditBrowser = Annotated[bool, _option("--browser/--no-browser", "audit_browser", metavar="")]
AuditChromium = Annotated[str, _unset("--chromium", "audit_chromium", envvar="VEEDOR_CHROMIUM", metavar="PATH")]
AuditWebDriver = Annotated[str, _unset("--webdriver", "audit_webdriver", metavar="URL")]
AuditAtOnce = Annotated[int | None, _option("--at-once", "audit_at_once", metavar="N", min=1, max=64)]
AuditPrivate = Annotated[list[str] | None, _option("--allow-private", "audit_allow_private", metavar="HOST")]
AuditNew = Annotated[bool, _option("--new", "audit_new", metavar="")]

RunId = Annotated[str, _argument("run", metavar="RUN")]
ResumeRun = Annotated[str, _argument("resume_run", metavar="RUN", show_default=False)]
Against = Annotated[str, _unset("--against", "rejudge_against", metavar="RUN")]
PoliteRun = Annotated[str, _argument("politeness_run", metavar="RUN", show_default=False)]
PackOut = Annotated[Path | None, _option("--out", "pack_out", metavar="FILE")]

RegistryFile = Annotated[Path, _argument("registry_file", metavar="FILE")]
RegistrySource = Annotated[str, _unset("--source", "registry_source", metavar="TEXT")]
RegistryCountry = Annotated[str, _unset("--country", "registry_country", metavar="CC")]
RegistryLevel = Annotated[str, _unset("--level", "registry_level", metavar="LEVEL")]
RegistryWords = Annotated[list[str] | None, _argument("registry_words", metavar="WORD", show_default=False)]
RegistryLimit = Annotated[int, _option("--limit", "registry_limit", metavar="N", min=1)]

ShowCriteria = Annotated[list[str] | None, _option("--criterion", "show_criterion", metavar="ID")]
ShowRun = Annotated[str, _unset("--run", "show_run", metavar="RUN")]
BodyRun = Annotated[str, _unset("--run", "accessibility_run", metavar="RUN")]
EarlFile = Annotated[Path | None, _option("--earl", "accessibility_earl", metavar="FILE")]
BarriersFile = Annotated[Path | None, _option("--csv", "accessibility_csv", metavar="FILE")]
StatementFile = Annotated[Path | None, _option("--statement", "accessibility_statement", metavar="FILE")]
Picture = Annotated[tuple[str, Path] | None, _option("--picture", "accessibility_picture", metavar="ELEMENT FILE")]

ShowFramework = Annotated[str, _unset("--framework", "show_framework", metavar="ID")]
ScoreCountry = Annotated[str, _argument("score_country", metavar="COUNTRY")]
ScoreGoals = Annotated[list[str] | None, _option("--goal", "score_goal", metavar="CODE")]
ScoreFramework = Annotated[str, _option("--framework", "score_framework", metavar="ID")]
ScoreWhy = Annotated[bool, _option("--why", "score_why", metavar="")]

RuleId = Annotated[str, _argument("rules_id", metavar="ID")]
RulesDir = Annotated[Path | None, _argument("rules_dir", metavar="DIR", show_default=False)]
CandidatesRun = Annotated[str, _unset("--run", "candidates_run", metavar="RUN")]
CandidatesKind = Annotated[str, _unset("--kind", "candidates_kind", metavar="KIND")]
NewId = Annotated[str, _argument("new_id", metavar="ID")]
NewKind = Annotated[str, _unset("--kind", "new_kind", metavar="KIND")]
NewGroup = Annotated[str, _unset("--group", "new_group", metavar="GROUP")]
NewCountry = Annotated[str, _argument("new_country_code", metavar="CC")]
NewProviderKind = Annotated[str, _argument("new_provider_kind", metavar="KIND")]
NewHost = Annotated[str, _unset("--host", "new_host", metavar="HOST")]
NewFrameworkKind = Annotated[str, _option("--kind", "new_framework_kind", metavar="KIND")]
NewLanguage = Annotated[str, _argument("new_language_code", metavar="LANG")]
NewDir = Annotated[Path | None, _option("--rules-dir", "new_dir", metavar="DIR", show_default=False)]
PublishDir = Annotated[Path, _argument("publish_dir", metavar="DIR")]
PublishRun = Annotated[str, _unset("--run", "publish_run", metavar="RUN")]
PublishBase = Annotated[str, _unset("--base-url", "publish_base", metavar="URL")]
AccuracyDir = Annotated[Path, _argument("accuracy_dir", metavar="PORTALS_DIR")]
Save = Annotated[Path | None, _option("--save", "accuracy_save", metavar="FILE", show_default=False)]
ActDir = Annotated[Path, _argument("act_dir", metavar="ACT_DIR")]
ActRules = Annotated[list[str] | None, _option("--rule", "act_rule", metavar="ID")]
ActSave = Annotated[Path | None, _option("--save", "act_save", metavar="FILE", show_default=False)]
ActEarl = Annotated[Path | None, _option("--earl", "act_earl", metavar="FILE", show_default=False)]
