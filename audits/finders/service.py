"""The search for a service: a known provider, a form of the right shape, a platform of the State, a dedicated procedure.

Settings in `[find]`: `providers`, `named_providers`, `state`, `form` with `all`, `any`, `none` (roles of fields), `form_named`,
`form_alone`, `form_on`, `procedure` (docs/architecture.md, "Searches").
"""

from collections.abc import Iterator
from typing import NamedTuple

from audits.addresses import host_words
from audits.finders.contact import has_contact
from audits.finders.content import STATES, label_of
from audits.finders.files import evidence_of
from audits.hints import hints
from audits.model import OFFERED, Criterion, Evidence, Finding, Verdict
from audits.services import ROLES, FormUse, ProviderUse, form_uses, provider_uses
from audits.site import Site, Spot
from audits.text import normal, shorten
from crawler.capture import Page, PageFacts, Place

_SETTINGS = frozenset(
    {"search", "providers", "named_providers", "state", "form", "form_alone", "form_named", "form_on", "procedure"}
)


class Offer(NamedTuple):
    """A proof that a service is offered: the reason's code, where, in which words, and who provides it."""

    reason: str
    page: Page
    quote: str
    values: dict[str, str]


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    unknown = sorted(set(criterion.find) - _SETTINGS)
    mistakes = [f"find has unknown settings: {', '.join(unknown)}; known are {', '.join(sorted(_SETTINGS))}."] if unknown else []
    shapes = [criterion.find.get(name, {}) for name in ("form", "form_alone")]
    strange = sorted({role for shape in shapes for group in shape.values() for role in group} - ROLES)
    if strange:
        mistakes.append(f"find.form names unknown roles: {', '.join(strange)}; known are {', '.join(sorted(ROLES))}.")
    return mistakes


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """The one finding on a service: offered or not."""
    for search in (_by_provider, _by_form, _by_state, _by_procedure):
        offer = next(search(criterion, site), None)
        if offer is not None:
            return [_finding(criterion, Verdict.PASSED, offer.reason, offer.values, 2, (evidence_of(offer.page, offer.quote),))]
    return [_not_offered(criterion, site)]


def _finding(
    criterion: Criterion,
    verdict: Verdict,
    reason: str,
    values: dict[str, str],
    depth: int = 0,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    return Finding(
        criterion=criterion.id, aspect=OFFERED, verdict=verdict, reason=reason, values=values, depth=depth, evidence=evidence
    )


# Providers ---


def _by_provider(criterion: Criterion, site: Site) -> Iterator[Offer]:
    """A link, frame, script or form of a known provider; of some kinds only where the criterion's names stand beside it."""
    alone = set(criterion.find.get("providers", ()))
    named = set(criterion.find.get("named_providers", ()))
    for use in provider_uses(site):
        if use.provider.kind not in alone and use.provider.kind not in named:
            continue
        if criterion.id in _denied(use, site):
            continue
        if use.provider.kind in alone or _is_named(criterion.id, use, site):
            yield Offer("provider_found", use.page, shorten(use.words, 200), {"provider": use.provider.name, "target": use.url})


def _words_of(use: ProviderUse) -> str:
    return f"{use.link.text} {use.link.context}" if use.link else ""


def _denied(use: ProviderUse, site: Site) -> frozenset[str]:
    """Criteria whose `not` words stand beside a use: "designed by", "share" and the like."""
    return site.lexicon.denials(_words_of(use)) if use.link else frozenset()


def _is_named(thing: str, use: ProviderUse, site: Site) -> bool:
    if use.link is not None and (thing in site.names(use.link.text) or thing in site.lexicon.mentions(_words_of(use))):
        return True
    facts = use.page.facts
    if facts is None or thing not in site.subjects(use.page):
        section = facts.sections[use.link.section].heading if facts and use.link else ""
        return thing in site.names(section)
    return use.link is None or use.link.place is Place.MAIN


# Forms ---


def _by_form(criterion: Criterion, site: Site) -> Iterator[Offer]:
    shape, alone = criterion.find.get("form", {}), criterion.find.get("form_alone", {})
    for use in form_uses(site) if shape or alone else ():
        if criterion.find.get("form_on") == "home" and not (use.in_template or use.page is site.pages[0]):
            continue
        words = use.form.words[:600]
        by_itself = bool(alone) and _fits(alone, use)
        if not by_itself and not (shape and _fits(shape, use)):
            continue
        if criterion.id in site.lexicon.denials(words) and criterion.id not in site.lexicon.mentions(words):
            continue
        if not by_itself and criterion.find.get("form_named") and not _form_is_named(criterion.id, use, site):
            continue
        quote = words or " ".join(control.label or control.name for control in use.form.controls)
        yield Offer("form_found", use.page, shorten(quote, 200), {"target": use.form.action or use.page.url})


def _fits(shape: dict[str, list[str]], use: FormUse) -> bool:
    wanted, some, none = (frozenset(shape.get(group, ())) for group in ("all", "any", "none"))
    return wanted <= use.roles and (not some or not some.isdisjoint(use.roles)) and none.isdisjoint(use.roles)


def _form_is_named(thing: str, use: FormUse, site: Site) -> bool:
    """Whether the form, its heading, its page, or a link that leads to its page bears the name."""
    facts = use.page.facts or PageFacts()
    if thing in site.lexicon.mentions(use.form.words[:600]) or thing in site.names(facts.sections[use.form.section].heading):
        return True
    if use.in_template:
        return False
    if thing in site.subjects(use.page):
        return True
    return any(spot.link and site.target(spot.link) is use.page for spot in site.spots.get(thing, ()))


# The State's platforms and procedures ---


def _by_state(criterion: Criterion, site: Site) -> Iterator[Offer]:
    """A link that bears the name, in its words or its address, to a host of the State that is not the entity's own."""
    if not criterion.find.get("state"):
        return
    for page, link in site.outward_state_links:
        named = criterion.id in site.names(link.text) or criterion.id in site.lexicon.names_of_url(link.url)
        named = named or criterion.id in site.names(host_words(link.url))
        if named and criterion.id not in site.lexicon.denials(f"{link.text} {link.context}"):
            yield Offer(
                "found_external", page, shorten(link.text or link.url, 200), {"name": link.text or link.url, "target": link.url}
            )


def _by_procedure(criterion: Criterion, site: Site) -> Iterator[Offer]:
    """A text under the criterion's names that tells how, with a number, an e-mail or an address of its own."""
    if not criterion.find.get("procedure"):
        return
    for scope in _named_scopes(criterion.id, site):
        if site.is_stub(scope.page):
            continue
        text = "\n".join(scope.lines)
        enough = len(text.split()) >= 12 and (
            site.lexicon.inside(criterion.id, text) or criterion.id in site.lexicon.mentions(text)
        )
        if enough and has_contact(scope, site):
            best = max(scope.lines, key=lambda line: (criterion.id in site.lexicon.mentions(line), len(line)))
            yield Offer("found", scope.page, shorten(best, 200), {"name": shorten(best, 200)})


def _named_scopes(thing: str, site: Site):  # type: ignore[no-untyped-def]
    for spot in site.spots.get(thing, ()):
        if spot.link is None:
            yield site.body(spot.page) if spot.by == "title" else site.under(spot.page, spot.section)
            continue
        page = site.target(spot.link)
        if (
            page is not None
            and page.facts is not None
            and page.problem is None
            and page is not site.pages[0]
            and page is not spot.page
        ):
            scope = site.body(page)
            if thing in site.lexicon.mentions("\n".join(scope.lines)[:20_000]):
                yield scope


# Not offered ---


def _not_offered(criterion: Criterion, site: Site) -> Finding:
    announced = [(spot, _state_of(spot, site)) for spot in site.spots.get(criterion.id, ()) if spot.link is not None]
    for reason in ("announced_external", "announced_not_visited"):
        for spot, state in announced:
            if state == reason:
                return _announced(criterion, Verdict.CANT_TELL, reason, spot)
    hint = hints(site).get(criterion.id)
    if hint is not None:
        return _announced(criterion, Verdict.CANT_TELL, "mentioned_unseen", hint)
    if not site.capture.visit.thorough:
        return _finding(criterion, Verdict.CANT_TELL, "not_thorough", {})
    for reason in ("announced_broken", "announced_not_published", "no_link_target"):
        for spot, state in announced:
            if state == reason:
                return _announced(criterion, Verdict.FAILED, reason, spot)
    return _finding(criterion, Verdict.FAILED, "nothing_found", {"pages": str(len(site.pages))})


def _announced(criterion: Criterion, verdict: Verdict, reason: str, spot: Spot) -> Finding:
    label, target = label_of(spot)
    return _finding(criterion, verdict, reason, {"name": label, "target": target}, 1, (evidence_of(spot.page, label),))


def _state_of(spot: Spot, site: Site) -> str:
    link = spot.link
    if link is None or normal(link.text) == "":
        return ""
    if link.url.startswith(("mailto:", "tel:")):
        return ""
    return STATES[site.state_of(link)] or "announced_not_published"
