"""Ways in which a portal shows that it offers a service: a known provider, a form, a platform of the State, a procedure."""

from collections.abc import Iterator
from typing import NamedTuple

from audits.addresses import host_words
from audits.finders.contact import contact_lines, emails_in, has_contact, phones_in, reaches
from audits.model import Criterion
from audits.services import FormUse, ProviderUse, form_uses, is_item, lists_results, provider_uses, told_of
from audits.site import Scope, Site
from audits.text import normal, shorten, words_of_url
from crawler.capture import Form, Page, PageFacts, Place

CHANNELS = ("telephone", "email", "address")
"""What a procedure may give as its own; `procedure` in `[find]` names those that are enough."""
_RECORDS = "transparency"
"""The kind of platforms on which bodies publish: they tell of services, and offer none but those that they are known for."""
_WORDS_BEFORE, _WORDS_AFTER = 12, 4
_ENOUGH_WORDS = 12
_HEAD_OF_FORM = 600


class Offer(NamedTuple):
    """A proof that a service is offered: the reason's code, where, in which words, who provides it, and what announces it."""

    reason: str
    page: Page
    quote: str
    values: dict[str, str]
    announced: tuple[Page, str] | None = None


# Providers ---


def by_provider(criterion: Criterion, site: Site) -> Iterator[Offer]:
    """A link, frame, script or form of a known provider; of some kinds only where the criterion's names stand beside it."""
    alone = set(criterion.find.get("providers", ()))
    named = set(criterion.find.get("named_providers", ()))
    for use in provider_uses(site):
        if use.provider.kind not in alone and use.provider.kind not in named:
            continue
        if criterion.id in _denied(use, site) or (use.link is not None and use.url in told_of(site)):
            continue
        if use.provider.kind in alone or _is_named(criterion.id, use, site):
            yield Offer("provider_found", use.page, shorten(use.words, 200), {"provider": use.provider.name, "target": use.url})


def _words_of(use: ProviderUse) -> str:
    return f"{use.link.text} {use.link.context}" if use.link else ""


def _denied(use: ProviderUse, site: Site) -> frozenset[str]:
    """Criteria whose `not` words stand in or beside a link: "designed by", "share" and the like."""
    return site.lexicon.denials(_words_of(use)) if use.link else frozenset()


def _is_named(thing: str, use: ProviderUse, site: Site) -> bool:
    named = site.names(use.link.text) if use.link else {}
    if thing in named or (not named and thing in site.lexicon.mentions(_words_of(use))):
        return True
    facts = use.page.facts
    if facts is None or thing not in site.subjects(use.page):
        section = facts.sections[use.link.section].heading if facts and use.link else ""
        return thing in site.names(section)
    return use.link is None or use.link.place is Place.MAIN


# Forms ---


def by_form(criterion: Criterion, site: Site) -> Iterator[Offer]:
    """An own form of the right shape, under the criterion's names where it needs them."""
    for use in _forms_of(criterion, site):
        if not criterion.find.get("answers") or _can_answer(use):
            yield Offer("form_found", use.page, _shown(use), {"target": use.form.action or use.page.url})


def by_silent_form(criterion: Criterion, site: Site) -> Iterator[Offer]:
    """A form of the right shape that, as it was read, sends what is written in it nowhere: a script may, or nothing does."""
    if criterion.find.get("answers"):
        for use in _forms_of(criterion, site):
            yield Offer("form_silent", use.page, _shown(use), {"target": use.page.url})


def _forms_of(criterion: Criterion, site: Site) -> Iterator[FormUse]:
    shapes, alone = _shapes(criterion), criterion.find.get("form_alone", {})
    named = {criterion.id, *criterion.find.get("form_under", ())}
    for use in form_uses(site) if shapes or alone else ():
        if criterion.find.get("form_on") == "home" and not _on_home(criterion.id, use, site):
            continue
        by_itself = bool(alone) and _fits(alone, use)
        if not by_itself and not any(_fits(shape, use) for shape in shapes):
            continue
        if by_itself or not criterion.find.get("form_named"):
            found = not _is_denied(criterion.id, use, site)
        else:
            found = any(_form_is_named(thing, use, site) and not _is_denied(thing, use, site) for thing in named)
        if found:
            yield use


def _shapes(criterion: Criterion) -> list[dict[str, list[str]]]:
    """The shapes that a form under the names may have: one, or several of which one is enough."""
    shapes = criterion.find.get("form", [])
    return shapes if isinstance(shapes, list) else [shapes]


def _can_answer(use: FormUse) -> bool:
    """Whether a form leads somewhere; fields that no form holds are asked by scripts."""
    if use.form.method:
        return bool(use.form.action)
    return any(kind in ("script", "inline") for kind, _ in (use.page.facts or PageFacts()).resources)


def _shown(use: FormUse) -> str:
    quote = use.form.words[:_HEAD_OF_FORM] or " ".join(c.label or c.name for c in use.form.controls)
    return shorten(quote, 200)


def _words_in(form: Form) -> str:
    """What a form says of itself: its text, then what stands beside and in its fields."""
    return f"{form.words[:_HEAD_OF_FORM]} {' '.join(control.label for control in form.controls)[:_HEAD_OF_FORM]}"


def _on_home(thing: str, use: FormUse, site: Site) -> bool:
    """Whether a form stands on the home page, on most pages, or on a page that is there for it."""
    return use.in_template or use.page is site.pages[0] or thing in site.subjects(use.page)


def _fits(shape: dict[str, list[str]], use: FormUse) -> bool:
    wanted, some, none = (frozenset(shape.get(group, ())) for group in ("all", "any", "none"))
    return wanted <= use.roles and (not some or not some.isdisjoint(use.roles)) and none.isdisjoint(use.roles)


def _is_denied(thing: str, use: FormUse, site: Site) -> bool:
    """Whether the form, its heading, its address or its page says that it is something else, and the form does not say it is."""
    facts, words = use.page.facts or PageFacts(), _words_in(use.form)
    if thing in site.lexicon.mentions(words):
        return False
    around = [words, facts.sections[use.form.section].heading, *words_of_url(use.form.action)]
    if not use.in_template:
        around += [facts.title, *words_of_url(use.page.url), host_words(use.page.url)]
    return any(thing in site.lexicon.denials(text) for text in around if text)


def _form_is_named(thing: str, use: FormUse, site: Site) -> bool:
    """Whether the form, its heading, its page, or a link that leads to its page bears the name."""
    facts = use.page.facts or PageFacts()
    if thing in site.lexicon.mentions(_words_in(use.form)) or thing in site.names(facts.sections[use.form.section].heading):
        return True
    if use.in_template:
        return False
    if thing in site.subjects(use.page):
        return True
    return any(spot.link and site.target(spot.link) is use.page for spot in site.spots.get(thing, ()))


# The State's platforms ---


def by_state(criterion: Criterion, site: Site) -> Iterator[Offer]:
    """A link that bears the name, in its words or its address, to a host of the State that is not the entity's own."""
    if not criterion.find.get("state"):
        return
    own = {*criterion.find.get("providers", ()), *criterion.find.get("named_providers", ())}
    records = {use.url for use in provider_uses(site) if use.provider.kind == _RECORDS} if _RECORDS not in own else set()
    for page, link in site.outward_state_links:
        named = criterion.id in site.names(link.text) or criterion.id in site.lexicon.names_of_url(link.url)
        named = named or criterion.id in site.names(host_words(link.url))
        if not named or link.url in told_of(site) or link.url in records:
            continue
        if criterion.id not in site.lexicon.denials(f"{link.text} {link.context}"):
            yield Offer(
                "found_external", page, shorten(link.text or link.url, 200), {"name": link.text or link.url, "target": link.url}
            )


# Procedures ---


def by_procedure(criterion: Criterion, site: Site) -> Iterator[Offer]:
    """How to use the service by a channel of its own: a text under its names, a line that names it, or an address so called."""
    channels = frozenset(criterion.find.get("procedure", ()))
    if not channels:
        return
    yield from _by_text(criterion.id, channels, site)
    yield from _by_line(criterion.id, channels, site)


def _by_text(thing: str, channels: frozenset[str], site: Site) -> Iterator[Offer]:
    for scope in named_scopes(thing, site):
        if site.is_stub(scope.page):
            continue
        text = "\n".join(scope.lines)
        enough = len(text.split()) >= _ENOUGH_WORDS and (site.lexicon.inside(thing, text) or thing in site.lexicon.mentions(text))
        if enough and has_contact(scope, site, channels):
            best = max(scope.lines, key=lambda line: (thing in site.lexicon.mentions(line), len(line)))
            yield Offer("found", scope.page, shorten(best, 200), {"name": shorten(best, 200)})


def _by_line(thing: str, channels: frozenset[str], site: Site) -> Iterator[Offer]:
    """ "Denuncias: 0800 1234", an address "ombudsman@…", a link of that name that opens a letter."""
    for page in site.pages if "email" in channels else ():
        for link in page.facts.links if page.facts and not page.delegated else ():
            called = link.url.startswith("mailto:") and reaches(link, site)
            if called and (thing in site.names(link.text) or _is_called(thing, link.url[7:], site)):
                yield _line(page, link.text or link.url)
    for line in contact_lines(site):
        if not is_item(line.page, site) and _line_tells(thing, line.text, channels, site):
            yield _line(line.page, line.text)


def _line(page: Page, words: str) -> Offer:
    return Offer("found", page, shorten(words, 200), {"name": shorten(words, 200)})


def _line_tells(thing: str, line: str, channels: frozenset[str], site: Site) -> bool:
    """Whether an address in a line is called like the thing, or the words around an address or number name it."""
    emails = emails_in(line, site) if "email" in channels else []
    if any(_is_called(thing, email, site) for email in emails):
        return True
    numbers = phones_in(line, site) if "telephone" in channels else []
    if not (emails or numbers) or thing not in site.lexicon.mentions(line):
        return False
    return any(_stands_beside(thing, line, channel, site) for channel in (*emails, *numbers))


def _stands_beside(thing: str, line: str, channel: str, site: Site) -> bool:
    before, _, after = line.partition(channel)
    words = " ".join([*before.split()[-_WORDS_BEFORE:], *after.split()[:_WORDS_AFTER]])
    if site.sign("useful_numbers").find(normal(words)):
        return False
    return thing in site.lexicon.mentions(words) and thing not in site.lexicon.denials(words)


def _is_called(thing: str, email: str, site: Site) -> bool:
    """Whether an address is called like the thing: "quejas@…", "mesadepartes@…"."""
    local = normal(email.partition("@")[0])
    return bool(local) and thing in site.lexicon.names_of_url(f"mailto://x/{local.replace(' ', '-')}")


def named_scopes(thing: str, site: Site, *, trusting: bool = False) -> Iterator[Scope]:
    """The parts of pages under a thing's names: below a heading, on a page so titled, on a page that such a link leads to.

    That page must name the thing too; `trusting`, it is enough that it names no other.
    """
    for spot in site.spots.get(thing, ()):
        if spot.link is None:
            if not lists_results(spot.page, site):
                yield site.body(spot.page) if spot.by == "title" else site.under(spot.page, spot.section)
            continue
        page = site.target(spot.link)
        if page is None or page.facts is None or page.problem is not None or page is site.pages[0] or page is spot.page:
            continue
        if lists_results(page, site):
            continue
        scope = site.body(page)
        if thing in site.lexicon.mentions("\n".join(scope.lines)[:20_000]) or (trusting and set(site.subjects(page)) <= {thing}):
            yield scope
