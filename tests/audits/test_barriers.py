"""What rules say of the sample, merged: a defect counts once however many pages repeat it, whoever found it."""

from dataclasses import replace

from audits.catalog import Catalog, load
from audits.finders import wcag
from audits.model import Barrier, Finding, Verdict
from audits.packs import Check
from audits.quotes import stands_in, words_of
from audits.site import Site
from audits.wcag.barriers import barriers, merged
from crawler.capture import Capture, Element, Reason, RuleResult, Seen
from crawler.capture.seen import Outcome
from tests.audits.portal import capture_of

CATALOG = load()
OWN = "own_name"
WITH_OWN = replace(CATALOG, checks={OWN: Check(id=OWN, criteria=("4.1.2",), title={}, fix={})})
LOGO = '<img class="logo" src="logo.png">'


def failed(rule: str, criterion: str, *elements: tuple[str, str], count: int = 0, outcome: Outcome = "failed") -> RuleResult:
    nodes = tuple(Element(selector, snippet, "why") for selector, snippet in elements)
    return RuleResult(
        rule, outcome, "serious", (criterion,) if criterion else (), "https://help.example", count or len(nodes), nodes
    )


def sample(*pages: tuple[RuleResult, ...], checks: tuple[tuple[RuleResult, ...], ...] = ()) -> Capture:
    """A portal whose pages were examined with these results, home first; `checks` are those of our own rules."""
    names = [f"p{number}.html" for number in range(1, len(pages))]
    links = "".join(f'<a href="{name}">{name}</a>' for name in names)
    capture = capture_of({"": f"<main>{links}</main>", **dict.fromkeys(names, "<main><p>Texto</p></main>")})
    for number, (page, results) in enumerate(zip(capture.pages, pages, strict=True)):
        page.axe, page.sampled, page.record_id = results, "home", f"urn:{number}"
        page.seen = Seen(checks=checks[number] if checks else ())
    return capture


def found(capture: Capture, catalog: Catalog = CATALOG) -> tuple[Barrier, ...]:
    return barriers(capture, catalog)


def told(capture: Capture, aspect: str, catalog: Catalog = CATALOG) -> Finding:
    return next(f for f in wcag.find(catalog.criteria["wcag"], Site(capture, catalog)) if f.aspect == aspect)


def test_what_a_template_repeats_is_one_barrier_with_its_spread() -> None:
    page = (failed("image-alt", "1.1.1", ("header > img", LOGO)),)
    (barrier,) = found(sample(page, page, page))
    assert (len(barrier.pages), barrier.elements, barrier.rules, barrier.criteria) == (3, 3, ("image-alt",), ("1.1.1",))
    assert barrier.example.quote == LOGO
    assert barrier.example.record_id == "urn:0"
    assert barrier.message == "why"


def test_the_same_markup_is_one_barrier_whatever_selector_each_page_needs_for_it() -> None:
    home = (failed("image-alt", "1.1.1", ('img[src$="logo.png"]', LOGO)),)
    inner = (failed("image-alt", "1.1.1", (".top > a > img", '<img id="x7" class="logo" src="logo.png">')),)
    (barrier,) = found(sample(home, inner))
    assert len(barrier.pages) == 2


def test_entries_of_a_menu_are_one_barrier_though_their_positions_numbers_and_addresses_differ() -> None:
    links = [(f"#menu-{n} > li:nth-child({n}) > a", f'<a class="item item-{n}" href="/p{n}">Ver {n}</a>') for n in range(1, 6)]
    (barrier,) = found(sample((failed("color-contrast", "1.4.3", *links),)))
    assert barrier.elements == 5


def test_other_elements_and_other_rules_are_other_barriers() -> None:
    page = (
        failed("label", "4.1.2", ("#nombre", '<input id="nombre" type="text">'), ("#correo", '<input id="correo" type="email">')),
        failed("link-name", "2.4.4", ("footer > a", '<a href="/x"></a>')),
    )
    assert len(found(sample(page))) == 3


def test_what_axe_and_an_own_rule_say_of_one_element_is_one_barrier_of_both() -> None:
    button = '<button class="go" type="submit">'
    by_axe = (failed("button-name", "4.1.2", ("form > button", button)),)
    ours = (failed(OWN, "", ("form#f > button.go", button + "<i></i></button>")),)
    (barrier,) = found(sample(by_axe, checks=(ours,)), WITH_OWN)
    assert barrier.rules == ("button-name", OWN)
    assert barrier.elements == 1
    other = (failed(OWN, "", ("nav > a", '<a href="/">')),)
    assert len(found(sample(by_axe, checks=(other,)), WITH_OWN)) == 2


def test_elements_that_a_rule_counts_without_naming_them_belong_to_what_most_of_the_named_are() -> None:
    named = [(f"li:nth-child({n}) > a", "<a class='x'>Ver</a>") for n in range(9)]
    rule = failed("color-contrast", "1.4.3", *named, ("h1", "<h1>Villa</h1>"), count=40)
    assert [barrier.elements for barrier in found(sample((rule,)))] == [39, 1]


def test_the_widest_spread_comes_first() -> None:
    narrow = failed("link-name", "2.4.4", *((f"p:nth-child({n}) > a", "<a></a>") for n in range(5)))
    wide = failed("image-alt", "1.1.1", ("img", LOGO))
    assert [barrier.rules for barrier in found(sample((narrow, wide), (wide,)))] == [("image-alt",), ("link-name",)]


def test_a_success_criterion_has_the_outcome_that_calls_most_for_action() -> None:
    passed, unsure = failed("a", "1.4.3", outcome="passed"), failed("b", "1.4.3", outcome="cant_tell")
    wrong = failed("c", "1.4.3", ("p", "<p>gris</p>"))
    nothing = failed("d", "1.4.3", outcome="inapplicable")
    expected = (
        ((nothing,), Verdict.INAPPLICABLE),
        ((nothing, passed), Verdict.PASSED),
        ((passed, unsure), Verdict.CANT_TELL),
        ((unsure, wrong, passed), Verdict.FAILED),
        ((), Verdict.UNTESTED),
    )
    for results, verdict in expected:
        assert told(sample(results), "1.4.3").verdict is verdict


def test_a_finding_counts_barriers_elements_and_pages_and_quotes_what_stands_in_the_record() -> None:
    capture = sample((failed("image-alt", "1.1.1", ("img", LOGO), ("p > img", "<img src='plano.png'>")),), ())
    finding = told(capture, "1.1.1")
    assert finding.values == {"pages": "2", "count": "2", "elements": "2", "on": "1", "rules": "image-alt"}
    home = capture.pages[0]
    for proof in finding.evidence:
        assert stands_in(proof.quote, home, words_of(home))
    assert not stands_in("<img src='otro.png'>", home, words_of(home))


def test_what_our_own_rules_quote_stands_in_the_record_too() -> None:
    element = ("nav > a", '<a class="hecho-por-un-script"></a>')
    capture = sample((), checks=((failed(OWN, "", element),),))
    (barrier,) = found(capture, WITH_OWN)
    home = capture.pages[0]
    assert stands_in(barrier.example.quote, home, words_of(home))


def test_what_no_browser_examined_and_what_could_not_be_tried_are_untested_for_different_reasons() -> None:
    unseen = capture_of({"": "<main><p>Texto</p></main>"})
    assert told(unseen, "1.1.1").reason == "not_rendered"
    assert told(sample(()), "1.1.1").reason == "not_tried"
    unread = capture_of({"": "<main></main>"})
    unread.visit = unread.visit.model_copy(update={"reached": False, "reason": Reason.BLOCKED})
    assert found(unread) == ()


def test_criteria_that_are_not_of_wcag_2_2_a_or_aa_are_left_out() -> None:
    result = failed("x", "4.1.1", ("p", "<p>"))._replace(criteria=("4.1.1", "4.1.2"))
    (barrier,) = found(sample((result,)))
    assert barrier.criteria == ("4.1.2",)
    assert found(sample((result._replace(criteria=("4.1.1",)),))) == ()


def test_the_order_of_rules_does_not_change_what_is_found() -> None:
    one, two = failed("a", "1.1.1", ("img", LOGO)), failed("b", "2.4.4", ("a", "<a></a>"))
    assert merged(Site(sample((one, two)), CATALOG)).barriers == merged(Site(sample((two, one)), CATALOG)).barriers
