"""Every text exists in every language, says the same with the same blanks, and is used with what fills them."""

import ast
import re
from itertools import combinations
from pathlib import Path

import pytest

from audits.catalog import load
from audits.model import ASPECTS, Kind, Status, Verdict
from commands import wording
from commands.wording import Language, choose, texts
from crawler.capture import Branch, Level
from results.scorecards import GoalVerdict
from results.scoring import State

ROOT = Path(__file__).resolve().parents[2]
BLANK = re.compile(r"\{(\w+)\}")


def blanks(text: str) -> set[str]:
    return set(BLANK.findall(text))


@pytest.mark.parametrize(("one", "other"), list(combinations(Language, 2)))
def test_languages_have_the_same_texts_with_the_same_blanks(one, other):
    assert texts(one).keys() == texts(other).keys()
    for key, text in texts(one).items():
        assert blanks(text) == blanks(texts(other)[key]), key


def calls() -> list[tuple[str, str, set[str] | None]]:
    """Every (place, key, names of values) of a text asked for by a literal key; None where the values come as a map."""
    found = []
    for path in (*ROOT.glob("commands/*.py"), ROOT / "cli.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            prefix = {"say": "", "UserError": "error.", "NothingDoneError": "error.", "_text": "help."}.get(name)
            if prefix is None:
                continue
            given = {word.arg for word in node.keywords if word.arg}
            spread = any(word.arg is None for word in node.keywords)
            found.append((f"{path.name}:{node.lineno}", prefix + str(node.args[0].value), None if spread else given))
    return found


def test_every_text_that_is_asked_for_exists_and_its_blanks_are_filled():
    asked = calls()
    assert len(asked) > 50
    for place, key, given in asked:
        assert key in texts(Language.EN), f"{place} asks for {key}"
        if given is not None:
            assert blanks(texts(Language.EN)[key]) <= given, f"{place}: {key}"


COMPOSED = {
    "accessibility",
    "act",
    "statement",
    "archive",
    "blank",
    "cause",
    "changed",
    "registry",
    "accuracy",
    "doctor",
    "rules",
}
"""Groups whose keys are put together from data."""


def test_every_kind_of_thing_is_named_in_every_language_and_in_one_place():
    named = load().vocabulary
    kinds = {"verdict": Verdict, "goal_verdict": GoalVerdict, "state": State, "level": Level, "branch": Branch}
    kinds |= {"status": Status, "kind": Kind, "group": {criterion.group for criterion in load().criteria.values()}}
    for kind, members in kinds.items():
        assert {str(member) for member in members} <= named[kind].keys(), kind
    assert {aspect for aspects in ASPECTS.values() for aspect in aspects} <= named["aspect"].keys()
    for kind, things in named.items():
        assert all(things[key].keys() == set(Language) and all(things[key].values()) for key in things), kind
        assert kind not in {key.partition(".")[0] for key in texts(Language.EN)}, f"{kind} is named in commands/texts too"


def test_no_text_lies_unused():
    source = "".join(path.read_text(encoding="utf-8") for path in (*ROOT.glob("commands/*.py"), ROOT / "cli.py"))
    for key in texts(Language.EN):
        group, _, name = key.partition(".")
        assert (
            re.search(rf"[\"']{re.escape(key)}[\"']", source)
            or f'"{name}"' in source
            or (f"{group}.{{" in source and group in COMPOSED)
        ), key


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, Language.EN),
        ([], {"LANG": "es_PE.UTF-8"}, Language.ES),
        ([], {"LANG": "C.UTF-8"}, Language.EN),
        ([], {"LANG": "es_PE.UTF-8", "LC_ALL": "pt_BR.UTF-8"}, Language.PT),
        ([], {"LANG": "es_PE.UTF-8", "VEEDOR_LANG": "en"}, Language.EN),
        (["show", "x", "--lang", "pt"], {"VEEDOR_LANG": "es"}, Language.PT),
        (["show", "--lang=es", "x"], {}, Language.ES),
        (["show", "--lang"], {}, Language.EN),
    ],
)
def test_the_language_is_asked_for_else_set_else_that_of_the_locale(arguments, environment, language):
    assert choose(arguments, environment) is language


def test_a_text_in_several_languages_falls_back_to_english_then_to_any():
    wording.speak(Language.PT)
    try:
        assert wording.pick({"es": "hola", "pt": "olá"}) == "olá"
        assert wording.pick({"es": "hola", "en": "hello"}) == "hello"
        assert wording.pick({"es": "hola"}) == "hola"
        assert wording.pick({}) == ""
    finally:
        wording.speak(Language.EN)
