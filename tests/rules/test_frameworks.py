"""Lists of demands fit the catalogue and themselves: references, codes, texts, weights, bands, rungs."""

from collections.abc import Collection
from itertools import combinations

import pytest

from audits.catalog import load
from audits.model import LANGUAGES, Framework, Item, Texts, Verdict, references
from results.scoring import State, score_entity

CATALOG = load()
FRAMEWORKS = sorted(CATALOG.frameworks.values(), key=lambda framework: framework.id)
INDEXES = [framework for framework in FRAMEWORKS if framework.kind == "index"]
LADDERS = [framework for framework in FRAMEWORKS if framework.kind == "ladder"]
PNTP = CATALOG.frameworks["br_pntp"]
ESSENTIAL = {"1.1", "1.2", "3.1", "3.2", "4.1", "4.2", "4.3", "11.5", "11.6", "11.8", "11.9", "11.10"}
RECOMMENDED = {"2.8", "2.9", "4.4", "4.5", "4.6", "6.4", "6.5", "8.6", "8.7", "10.1", "11.7", "12.6", "13.5", "15.5"}
LOSI_GROUPS = {"IF": 6, "CP": 30, "SP": 22, "PE": 15, "EGL": 10, "TEC": 12}


def called(thing: object) -> str:
    return str(getattr(thing, "id", thing))


def complete(text: Texts) -> bool:
    return all(text.get(language) for language in LANGUAGES)


def names(item: Item) -> list[Texts]:
    return [*(essential.name for essential in item.essentials), *(share.name for share in item.shares)]


def holds(item: Item, passed: Collection[str]) -> bool:
    """Whether a rung holds when these criteria passed and every other failed."""
    keys = {f"{name}.{aspect}" for name, rule in CATALOG.criteria.items() for aspect in rule.aspects}
    verdicts = {key: Verdict.PASSED if key.partition(".")[0] in passed else Verdict.FAILED for key in keys}
    return score_entity(item, verdicts, floor=0, scored=CATALOG.scored).complies is True


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=called)
def test_every_reference_of_a_framework_is_a_criterion_and_an_aspect_of_it(framework: Framework) -> None:
    for item in framework.items:
        for reference in references(item):
            identifier, _, aspect = reference.partition(".")
            criterion = CATALOG.criteria.get(identifier)
            assert criterion, f"{framework.id}/{item.code}: '{identifier}' is no criterion"
            assert aspect in ("", "*", *criterion.aspects), f"{framework.id}/{item.code}: '{reference}'"


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=called)
def test_every_item_has_its_own_code_and_a_title_in_all_languages(framework: Framework) -> None:
    codes = [item.code for item in framework.items]
    assert len(set(codes)) == len(codes)
    assert complete(framework.title)
    assert framework.source
    for item in framework.items:
        assert complete(item.title), f"{framework.id}/{item.code}"
        assert all(complete(name) for name in names(item)), f"{framework.id}/{item.code}"
        assert all(complete(text) for text in (item.note, item.rule) if text), f"{framework.id}/{item.code}"


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=called)
def test_every_item_says_what_is_asked_in_the_language_of_its_source(framework: Framework) -> None:
    language = framework.language or "es"
    assert all(item.text.get(language) for item in framework.items)


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=called)
def test_groups_are_named_and_every_one_is_used(framework: Framework) -> None:
    assert {item.group for item in framework.items} - {""} == set(framework.groups)
    assert all(complete(name) for name in framework.groups.values())
    assert not framework.groups or all(item.group for item in framework.items)


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=called)
def test_an_item_that_nothing_answers_is_visibly_empty(framework: Framework) -> None:
    for item in framework.items:
        assert not item.essentials or all(essential.any_of for essential in item.essentials), f"{framework.id}/{item.code}"
        assert not item.shares or all(share.of for share in item.shares), f"{framework.id}/{item.code}"
        if not references(item):
            assert score_entity(item, {}, floor=0, scored=CATALOG.scored).complies is None
            assert not item.rule, f"{framework.id}/{item.code} states a rule but measures nothing"
    assert any(references(item) for item in framework.items)


@pytest.mark.parametrize("framework", INDEXES, ids=called)
def test_bands_stand_from_the_highest_down_and_the_last_one_takes_in_everybody(framework: Framework) -> None:
    limits = [band.at_least for band in framework.bands]
    assert limits == sorted(set(limits), reverse=True)
    assert not limits or limits[-1] == 0
    assert [band.musts for band in framework.bands] == sorted((band.musts for band in framework.bands), reverse=True)
    assert all(complete(band.name) for band in framework.bands)


def test_losi_has_its_95_indicators_by_sub_index_and_all_of_them_are_local() -> None:
    items = CATALOG.frameworks["losi_2024"].items
    assert len({item.code for item in items}) == len(items) == 95
    assert {group: sum(item.group == group for item in items) for group in LOSI_GROUPS} == LOSI_GROUPS
    assert {item.levels for item in items} == {("local",)}


def test_the_weight_of_a_criterion_of_brazils_programme_is_that_of_its_class() -> None:
    weights = {item.code: item.weight for item in PNTP.items}
    assert {item.code for item in PNTP.items if item.must} == ESSENTIAL
    assert {code for code, weight in weights.items() if weight == 3} == ESSENTIAL
    assert {code for code, weight in weights.items() if weight == 1} >= RECOMMENDED
    assert set(weights.values()) == {1, 2, 3}


def test_who_has_no_known_class_in_brazils_programme_weighs_least_and_says_so() -> None:
    lightest = {item.code: item for item in PNTP.items if item.weight == 1 and item.code not in RECOMMENDED}
    assert all(item.note for item in lightest.values())
    assert all(item.group == item.code.partition(".")[0] for item in PNTP.items)


def test_the_seals_of_brazils_programme_need_every_essential_criterion() -> None:
    seals = {band.name["pt"]: (band.at_least, band.musts) for band in PNTP.bands}
    assert seals["Diamante"] == (0.95, 1)
    assert seals["Ouro"] == (0.85, 1)
    assert seals["Prata"] == (0.75, 1)
    assert seals["Intermediário"] == (0.5, 0)


@pytest.mark.parametrize("framework", LADDERS, ids=called)
def test_a_ladder_says_every_rung_and_its_rule_in_all_languages(framework: Framework) -> None:
    for item in framework.items:
        assert all((complete(item.title), complete(item.text), complete(item.rule))), item.code
        assert references(item), f"{framework.id}/{item.code} can never be reached"


@pytest.mark.parametrize("framework", LADDERS, ids=called)
def test_no_rung_is_reached_by_what_reaches_a_lower_one(framework: Framework) -> None:
    """For every two rungs there is an entity that stands on the lower and not on the higher."""
    everything = set(CATALOG.criteria)
    for lower, higher in combinations(framework.items, 2):
        without = [everything - set(essential.any_of) for essential in higher.essentials]
        without += [everything - set(share.of) for share in higher.shares]
        assert any(holds(lower, passed) and not holds(higher, passed) for passed in without), (lower.code, higher.code)


@pytest.mark.parametrize("framework", LADDERS, ids=called)
def test_who_offers_everything_stands_on_the_last_rung_and_who_offers_nothing_on_none(framework: Framework) -> None:
    assert all(holds(item, CATALOG.criteria) for item in framework.items)
    assert not any(holds(item, ()) for item in framework.items)


def test_who_takes_payment_is_past_the_form_and_the_follow_up() -> None:
    rungs = CATALOG.frameworks["transaction_depth"].items
    assert [item.code for item in rungs if holds(item, {"online_payment"})] == ["1", "2", "3", "4", "5", "6"]


def test_a_verification_page_without_a_service_is_no_transaction() -> None:
    rungs = CATALOG.frameworks["transaction_depth"].items
    assert not holds(rungs[0], {"document_verification"})


def test_a_page_with_news_only_is_on_the_first_stage_of_the_united_nations() -> None:
    stages = CATALOG.frameworks["un_stages"].items
    assert [item.code for item in stages if holds(item, {"news"})] == ["I"]
    assert [item.code for item in stages if holds(item, {"news", "site_search", "contact_form"})] == ["I", "II"]


def test_articles_of_several_demands_hold_only_with_all_of_them() -> None:
    item = next(item for item in CATALOG.frameworks["gt_laip"].items if item.code == "10.1")
    asked = ("organization_chart", "mandate_and_functions", "regulations")
    assert holds(item, asked)
    assert not any(holds(item, set(asked) - {left_out}) for left_out in asked)
    assert score_entity(item, {}, floor=0, scored=CATALOG.scored).steps[0].state is State.UNKNOWN
