"""The search for a service: a provider, a form of the right shape, a platform of the State, a procedure, a thing that proves it.

Settings in `[find]` (docs/architecture.md, "Searches"):
- `providers`, `named_providers`: kinds of providers whose use proves it by itself, or under the criterion's names;
- `state = true`: a link of that name to a host of the State that is not the entity's own;
- `form` (one shape or several), `form_alone` with `all`, `any`, `none` (roles of fields), `form_named = true`, `form_under`
  (other criteria under whose names it stands too), `form_on = "home"`, `answers = true` where it must lead somewhere;
- `procedure`: which channels of its own ("telephone", "email", "address") are enough for a procedure under the names;
- `files = true`: a blank form to fill in, linked or called by the names;
- `questions`: how many questions with answers on one page; `text`: how many words of guidance under the names;
  `steps`: of how many steps a guide through a system must be;
- `feed = true`: a feed (RSS, Atom) of the site.
"""

from audits.finders.content import STATES, label_of
from audits.finders.files import evidence_of
from audits.finders.matter import by_feed, by_file, by_questions, by_steps, guides
from audits.finders.ways import CHANNELS, by_form, by_procedure, by_provider, by_silent_form, by_state, named_scopes
from audits.hints import hints
from audits.model import OFFERED, Criterion, Evidence, Finding, Verdict
from audits.once import once_per_site
from audits.services import ROLES, is_known_host, provider_uses, providers_of
from audits.site import Site, Spot
from audits.text import normal, words_of_url
from crawler.capture import Link

_SETTINGS = frozenset(
    {"search", "providers", "named_providers", "state", "form", "form_alone", "form_named", "form_under", "form_on", "answers"}
    | {"procedure", "files", "questions", "text", "steps", "feed"}
)
_WAYS = (by_provider, by_form, by_state, by_file, by_questions, by_steps, by_feed, by_procedure)
_FEW_WORDS, _LITTLE, _GUIDE = 6, 150, 3
_ELSEWHERE = frozenset({"social", "chat", "furniture"})


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    unknown = sorted(set(criterion.find) - _SETTINGS)
    mistakes = [f"find has unknown settings: {', '.join(unknown)}; known are {', '.join(sorted(_SETTINGS))}."] if unknown else []
    form = criterion.find.get("form", [])
    shapes = [*(form if isinstance(form, list) else [form]), criterion.find.get("form_alone", {})]
    strange = sorted({role for shape in shapes for group in shape.values() for role in group} - ROLES)
    if strange:
        mistakes.append(f"find.form names unknown roles: {', '.join(strange)}; known are {', '.join(sorted(ROLES))}.")
    odd = sorted(set(criterion.find.get("procedure", ())) - set(CHANNELS))
    if odd:
        mistakes.append(f"find.procedure names unknown channels: {', '.join(odd)}; known are {', '.join(CHANNELS)}.")
    return mistakes


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """The one finding on a service: offered or not."""
    for way in _WAYS:
        offer = next(way(criterion, site), None)
        if offer is not None:
            shown = [(offer.page, offer.quote), *([offer.announced] if offer.announced else [])]
            evidence = tuple(evidence_of(*one) for one in shown)
            return [_finding(criterion, Verdict.PASSED, offer.reason, offer.values, 2, evidence)]
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


# Not offered ---


def _not_offered(criterion: Criterion, site: Site) -> Finding:
    announced = [(spot, _state_of(spot, site)) for spot in site.spots.get(criterion.id, ()) if spot.link is not None]
    for reason in ("announced_external", "announced_not_visited", "mentioned_unseen"):
        for spot, state in announced:
            if state == reason:
                return _announced(criterion, Verdict.CANT_TELL, reason, spot)
    hint = hints(site).get(criterion.id) or _faint_hint(criterion.id, site)
    if hint is not None:
        return _announced(criterion, Verdict.CANT_TELL, "mentioned_unseen", hint)
    silent = next(by_silent_form(criterion, site), None)
    if silent is not None:
        evidence = (evidence_of(silent.page, silent.quote),)
        return _finding(criterion, Verdict.CANT_TELL, silent.reason, silent.values, 1, evidence)
    way_out = _way_out(criterion.id, site)
    if way_out is not None:
        return _announced(criterion, Verdict.CANT_TELL, "leads_elsewhere", way_out)
    if not site.capture.visit.thorough:
        return _finding(criterion, Verdict.CANT_TELL, "not_thorough", {})
    for reason in ("announced_broken", "announced_not_published", "no_link_target"):
        for spot, state in announced:
            if state == reason:
                return _announced(criterion, Verdict.FAILED, reason, spot)
    return _finding(criterion, Verdict.FAILED, "nothing_found", {"pages": str(len(site.pages))})


def _faint_hint(thing: str, site: Site) -> Spot | None:
    """A link to a host that nobody knows, in words that the thing itself contains ("Rentas" for what one owes) or so called."""
    return next((spot for spot in _ways_out(site) if spot.link and _is_about(thing, spot.link, site)), None)


@once_per_site
def _ways_out(site: Site) -> list[Spot]:
    """The distinct links in few words to hosts that nobody knows; the homes of other bodies of the State stand in many lists."""
    known = {use.url for use in provider_uses(site) if use.provider.kind in _ELSEWHERE}
    found: dict[tuple[str, str], Spot] = {}
    for page in site.pages:
        for link in page.facts.links if page.facts and not page.delegated else ():
            if link.kind != "a" or (link.url, link.text) in found or link.url in known or len(link.text.split()) > _FEW_WORDS:
                continue
            if site.state_of(link) == "external" and (len(words_of_url(link.url)) > 1 or not site.is_state(link.url)):
                found[link.url, link.text] = Spot(page, "link", link.section, link, 0.0)
    return list(found.values())


def _is_about(thing: str, link: Link, site: Site) -> bool:
    """Whether the words of a link hold such of the thing itself; of one without words, whether its address names it."""
    if link.text:
        return bool(site.lexicon.inside(thing, link.text))
    return thing in site.lexicon.names_of_url(link.url)


def _way_out(thing: str, site: Site) -> Spot | None:
    """Where a page under the name says little and leads elsewhere: the first such link."""
    known = {use.url for use in provider_uses(site) if use.provider.kind in _ELSEWHERE}
    for scope in named_scopes(thing, site, trusting=True):
        if scope.page is site.pages[0] or sum(len(line.split()) for line in scope.lines) > _LITTLE:
            continue
        for link in scope.links:
            if is_known_host(link.url, site) and not providers_of(link.url, site):
                continue  # to share a page, not to go on from it
            if link.kind in ("a", "iframe") and link.url not in known and site.state_of(link) == "external":
                return Spot(scope.page, "link", link.section, link, 0.0)
    return None


def _announced(criterion: Criterion, verdict: Verdict, reason: str, spot: Spot) -> Finding:
    label, target = label_of(spot)
    return _finding(criterion, verdict, reason, {"name": label, "target": target}, 1, (evidence_of(spot.page, label),))


def _state_of(spot: Spot, site: Site) -> str:
    """What an announcement comes to; one that leads to a guide through a system shows that there is one, which was not seen."""
    link = spot.link
    if link is None or normal(link.text) == "":
        return ""
    if link.url.startswith(("mailto:", "tel:")):
        return ""
    if site.target(link) in [page for page, steps in guides(site) if len(steps) >= _GUIDE]:
        return "mentioned_unseen"
    return STATES[site.state_of(link)] or "announced_not_published"
