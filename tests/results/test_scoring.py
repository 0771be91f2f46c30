from hypothesis import given
from hypothesis import strategies as st

from audits.model import Essential, Item, Share, Verdict
from crawler.capture import Level
from results.scorecards import GoalVerdict, LevelledScore, either, score_country
from results.scoring import EntityScore, State, score_entity
from tests.results.small_country import in_three

PASSED, FAILED, CANT_TELL = Verdict.PASSED, Verdict.FAILED, Verdict.CANT_TELL
INAPPLICABLE, UNTESTED = Verdict.INAPPLICABLE, Verdict.UNTESTED

NAMES = ("a", "b", "c", "d")
KEYS = (*(f"{name}.{aspect}" for name in NAMES[:3] for aspect in ("published", "useful")), "d.offered")


def item(*, essentials: tuple[Essential, ...] = (), shares: tuple[Share, ...] = (), **other: object) -> Item:
    texts = {name: in_three(name) for name in ("title", "text", "unit")}
    return Item.model_validate({"code": "1", **texts, "essentials": essentials, "shares": shares, **other})


def must(*any_of: str) -> Essential:
    return Essential(name=in_three("must"), any_of=any_of)


def enough(at_least: float, *of: str) -> Share:
    return Share(name=in_three("enough"), at_least=at_least, of=of)


def score(demand: Item, verdicts: dict[str, Verdict], floor: float = 0.0, scored: tuple[str, ...] = NAMES) -> EntityScore:
    return score_entity(demand, verdicts, floor, scored)


def test_an_entity_complies_when_its_essentials_hold_and_its_shares_are_reached() -> None:
    demand = item(essentials=(must("a"),), shares=(enough(0.5, "b", "c"),))
    assert score(demand, {"a.published": PASSED, "b.published": PASSED, "c.published": FAILED}).complies is True
    assert score(demand, {"a.published": FAILED, "b.published": PASSED, "c.published": PASSED}).complies is False
    assert score(demand, {"a.published": PASSED, "b.published": FAILED, "c.published": FAILED}).complies is False


def test_what_was_not_measured_leaves_compliance_open_only_where_it_could_still_decide() -> None:
    demand = item(shares=(enough(0.5, "a", "b", "c"),))
    assert score(demand, {"a.published": PASSED, "b.published": PASSED, "c.published": UNTESTED}).complies is True
    assert score(demand, {"a.published": PASSED, "b.published": FAILED, "c.published": CANT_TELL}).complies is None
    assert score(demand, {"a.published": FAILED, "b.published": FAILED, "c.published": UNTESTED}).complies is False


def test_one_alternative_of_an_essential_is_enough_and_counts_as_one_demand() -> None:
    found = score(item(essentials=(must("a", "b", "d"),)), {"a.published": FAILED, "b.published": PASSED, "d.offered": UNTESTED})
    assert (found.complies, found.passed, found.failed, found.unknown) == (True, 1, 0, 0)


def test_a_reference_without_aspect_means_published_or_offered() -> None:
    demand = item(shares=(enough(1, "a", "d"),))
    found = score(demand, {"a.published": PASSED, "a.useful": FAILED, "d.offered": PASSED})
    assert found.steps[0].decided_by == {"a.published": PASSED, "d.offered": PASSED}
    assert found.complies is True


def test_a_star_counts_every_aspect() -> None:
    found = score(item(shares=(enough(0.75, "wcag.*"),)), {"wcag.1.1.1": PASSED, "wcag.1.4.3": FAILED}, scored=("wcag",))
    assert (found.passed, found.failed, found.complies) == (1, 1, False)


def test_drafts_do_not_count_but_the_arithmetic_names_them() -> None:
    demand = item(essentials=(must("a"),), shares=(enough(1, "b", "c"),))
    found = score(demand, {"a.published": FAILED, "b.published": PASSED, "c.published": FAILED}, scored=("b",))
    assert found.complies is True
    assert [step.left_out for step in found.steps] == [("a",), ("c",)]
    assert found.steps[0].state is State.NOT_COUNTED


def test_what_does_not_apply_leaves_the_denominator() -> None:
    found = score(item(shares=(enough(1, "a", "b"),)), {"a.published": PASSED, "b.published": INAPPLICABLE})
    assert (found.value, found.coverage, found.complies, found.inapplicable) == (1.0, 1.0, True, 1)


def test_an_entity_to_which_nothing_applies_has_no_value_and_is_not_counted() -> None:
    found = score(item(shares=(enough(1, "a"),)), {"a.published": INAPPLICABLE})
    assert (found.value, found.coverage, found.complies, found.applicable) == (None, None, None, False)


def test_a_demand_that_is_named_twice_counts_once() -> None:
    found = score(item(essentials=(must("a"),), shares=(enough(0.5, "a", "b"),)), {"a.published": PASSED, "b.published": FAILED})
    assert (found.passed, found.failed) == (1, 1)


def test_below_the_floor_an_entity_is_not_rated_and_neither_complies_nor_fails() -> None:
    verdicts = {"a.published": FAILED, "b.published": UNTESTED, "c.published": UNTESTED}
    found = score(item(essentials=(must("a"), must("b"), must("c"))), verdicts, floor=0.5)
    assert (found.rated, found.complies) == (False, None)
    assert score(item(essentials=(must("a"), must("b"), must("c"))), verdicts, floor=0.3).complies is False


def test_an_item_without_a_rule_is_visibly_empty() -> None:
    found = score(item(), {"a.published": PASSED})
    assert found == EntityScore()


def test_a_verdict_that_is_missing_is_unknown_never_failed() -> None:
    found = score(item(shares=(enough(1, "a", "d", "c.*"),)), {})
    assert (found.failed, found.unknown, found.lower, found.upper) == (0, 3, 0.0, 1.0)


references = st.lists(st.sampled_from((*NAMES, *KEYS, "a.*", "c.*")), min_size=1, max_size=4, unique=True).map(tuple)
demands = st.builds(
    lambda musts, shares: item(essentials=tuple(must(*names) for names in musts), shares=tuple(enough(*one) for one in shares)),
    st.lists(references, max_size=3),
    st.lists(
        st.tuples(st.sampled_from((0.0, 0.3, 0.5, 2 / 3, 1.0)), references).map(lambda pair: (pair[0], *pair[1])), max_size=2
    ),
)
matrices = st.fixed_dictionaries({key: st.sampled_from(Verdict) for key in KEYS})
criteria = st.sets(st.sampled_from(NAMES)).map(tuple)


@given(demands, matrices, criteria, st.floats(0, 1))
def test_the_value_lies_between_its_bounds(
    demand: Item, verdicts: dict[str, Verdict], scored: tuple[str, ...], floor: float
) -> None:
    found = score(demand, verdicts, floor, scored)
    if found.value is not None:
        assert 0 <= found.lower <= found.value <= found.upper <= 1
    if found.complies is not None:
        assert found.rated
        assert found.coverage >= floor


@given(demands, matrices, criteria, st.data())
def test_more_evidence_never_widens_the_bounds_nor_overturns_compliance(
    demand: Item, verdicts: dict[str, Verdict], scored: tuple[str, ...], data: st.DataObject
) -> None:
    open_keys = [key for key, verdict in verdicts.items() if verdict in (CANT_TELL, UNTESTED)]
    learned = {key: data.draw(st.sampled_from((PASSED, FAILED))) for key in open_keys if data.draw(st.booleans())}
    before, after = score(demand, verdicts, 0, scored), score(demand, verdicts | learned, 0, scored)
    if before.lower is not None:
        assert before.lower <= after.lower
        assert after.upper <= before.upper
    if before.complies is not None:
        assert after.complies is before.complies


# Countries ------------------------------------------------------------------------------------------


def country(comply: int, fail: int, still_open: int = 0, level: Level = Level.LOCAL) -> list[LevelledScore]:
    known = [EntityScore(coverage=1, rated=True, complies=True, passed=1)] * comply
    known += [EntityScore(coverage=1, rated=True, complies=False, failed=1)] * fail
    return [LevelledScore(level, one) for one in (*known, *[EntityScore(coverage=0, unknown=1)] * still_open)]


def test_a_target_is_met_only_when_neither_chance_nor_the_unmeasured_could_undo_it() -> None:
    demand = item(target=0.7)
    assert score_country(demand, country(95, 5)).together.target_verdict is GoalVerdict.MET
    assert score_country(demand, country(8, 2)).together.target_verdict is GoalVerdict.CANNOT_TELL
    assert score_country(demand, country(95, 5, still_open=60)).together.target_verdict is GoalVerdict.CANNOT_TELL
    assert score_country(demand, country(10, 90)).together.target_verdict is GoalVerdict.NOT_MET
    assert score_country(demand, country(10, 90, still_open=300)).together.target_verdict is GoalVerdict.CANNOT_TELL
    assert score_country(demand, []).together.target_verdict is GoalVerdict.CANNOT_TELL


def test_doubling_the_baseline_meets_the_goal_as_well() -> None:
    card = score_country(item(target=0.7, or_double=True), country(40, 60), baseline=0.1).together
    assert (card.target_verdict, card.double_verdict, card.verdict) == (GoalVerdict.NOT_MET, GoalVerdict.MET, GoalVerdict.MET)
    assert card.double_target == 0.2


def test_without_a_baseline_a_missed_target_leaves_the_goal_open() -> None:
    card = score_country(item(target=0.7, or_double=True), country(10, 90)).together
    assert (card.double_verdict, card.verdict) == (GoalVerdict.NO_BASELINE, GoalVerdict.CANNOT_TELL)


def test_double_of_a_large_baseline_is_all() -> None:
    assert score_country(item(target=0.7, or_double=True), country(1, 1), baseline=0.8).together.double_target == 1.0


def test_an_item_without_a_target_has_a_share_but_no_verdict() -> None:
    card = score_country(item(), country(3, 1)).together
    assert (card.share, card.target_verdict, card.verdict) == (0.75, None, None)
    assert either(None, None) is None


def test_levels_stand_apart_and_together_and_levels_that_the_item_does_not_speak_of_stay_out() -> None:
    scores = [*country(1, 1), *country(1, 0, level=Level.NATIONAL), *country(5, 0, level=Level.REGIONAL)]
    card = score_country(item(levels=("national", "local")), scores)
    assert [(row.level, row.entities, row.comply) for row in card.rows] == [("national", 1, 1), ("local", 2, 1), ("all", 3, 2)]


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.floats(0, 1), st.none() | st.floats(0, 1))
def test_a_scorecard_adds_up(comply: int, fail: int, still_open: int, target: float, baseline: float | None) -> None:
    row = score_country(item(target=target, or_double=True), country(comply, fail, still_open), baseline).together
    assert row.entities == row.comply + row.not_comply + row.open
    if row.share is not None:
        assert row.bound_low <= row.share <= row.bound_high
        assert row.interval_low <= row.share <= row.interval_high
    if row.verdict is GoalVerdict.MET:
        assert GoalVerdict.MET in (row.target_verdict, row.double_verdict)
