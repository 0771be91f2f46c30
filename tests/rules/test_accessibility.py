"""The rules on accessibility: what is asked is what rules can answer, in three languages; and when goal 46 is met."""

from dataclasses import replace

import pytest

from audits.catalog import Catalog, load
from audits.model import LANGUAGES, Item, Verdict
from audits.packs import Check
from commands import wording
from commands.rules_accessibility import accessibility_faults, axe_criteria, can_be_failed
from commands.wording import Language
from results.scoring import EntityScore, score_entity

CATALOG = load()
ASPECTS = CATALOG.criteria["wcag"].aspects


@pytest.fixture(autouse=True)
def english() -> None:
    wording.speak(Language.EN)


def asking(*aspects: str) -> Catalog:
    """The rules with other success criteria asked for."""
    changed = CATALOG.criteria["wcag"].model_copy(update={"aspects": aspects})
    return replace(CATALOG, criteria={**CATALOG.criteria, "wcag": changed})


def goal(**verdicts: Verdict) -> EntityScore:
    """Goal 46 for an entity that passes everything but what is named ("2.1.1" as s2_1_1)."""
    item: Item = next(item for item in CATALOG.frameworks["elac2010"].items if item.code == "46")
    said = {f"wcag.{aspect}": Verdict.PASSED for aspect in ASPECTS}
    said |= {f"wcag.{name[1:].replace('_', '.')}": verdict for name, verdict in verdicts.items()}
    return score_entity(item, said, CATALOG.frameworks["elac2010"].floor, CATALOG.scored)


def test_what_is_asked_is_what_a_rule_can_fail() -> None:
    assert set(ASPECTS) == can_be_failed(CATALOG)
    assert list(accessibility_faults(CATALOG)) == []
    assert {"1.1.1", "1.4.3", "4.1.2"} <= axe_criteria()


def test_a_difference_between_what_is_asked_and_what_can_be_answered_is_told() -> None:
    (untold,) = accessibility_faults(asking(*(aspect for aspect in ASPECTS if aspect != "1.4.3")))
    assert "lack 1.4.3" in untold
    (unanswered,) = accessibility_faults(asking(*ASPECTS, "3.3.4"))
    assert "3.3.4, which no rule can fail" in unanswered


def test_a_rule_of_ours_needs_a_success_criterion_and_words_in_three_languages() -> None:
    texts = dict.fromkeys(LANGUAGES, "x")
    wrong = Check(id="odd", criteria=("9.9.9",), title=texts, fix={"es": "x"})
    told = list(accessibility_faults(replace(CATALOG, checks={**CATALOG.checks, "odd": wrong})))
    assert any("odd names the success criteria 9.9.9" in sentence for sentence in told)
    assert any("odd.fix lacks pt, en" in sentence for sentence in told)


def test_every_success_criterion_says_in_three_languages_what_is_wrong_and_how_to_mend_it() -> None:
    assert len(CATALOG.success_criteria) == 55
    for criterion in CATALOG.success_criteria.values():
        for text in (criterion.title, criterion.barrier, criterion.fix):
            assert set(text) == set(LANGUAGES)
            assert all(text.values()), criterion.id
        assert CATALOG.vocabulary["wcag"][criterion.id]["es"].endswith(criterion.title["es"])


def test_goal_46_is_met_where_a_tenth_of_what_can_be_tried_fails_but_nothing_essential() -> None:
    assert goal().complies is True
    assert goal(s1_4_3=Verdict.FAILED, s2_5_8=Verdict.FAILED, s2_4_7=Verdict.FAILED).complies is True
    four = dict.fromkeys(("s1_4_3", "s2_5_8", "s2_4_7", "s1_4_10"), Verdict.FAILED)
    assert goal(**four).complies is False


@pytest.mark.parametrize("essential", ["s1_1_1", "s4_1_2", "s2_1_1", "s2_1_2", "s2_4_2", "s3_1_1"])
def test_goal_46_is_missed_by_one_essential_and_open_where_it_cannot_be_told(essential: str) -> None:
    assert goal(**{essential: Verdict.FAILED}).complies is False
    assert goal(**{essential: Verdict.CANT_TELL}).complies is None
    assert goal(**{essential: Verdict.INAPPLICABLE}).complies is True


def test_goal_46_never_speaks_of_conformance_but_to_deny_it() -> None:
    item = next(item for item in CATALOG.frameworks["elac2010"].items if item.code == "46")
    assert "no automatically detectable failures" in item.rule["en"]
    assert "conformant" not in item.rule["en"]
    assert "does not mean conformant" in item.note["en"]
