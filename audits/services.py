"""Uses of providers and forms on a site, gathered once for all criteria on services."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from audits.addresses import host_of
from audits.once import once_per_site
from audits.packs import Provider
from audits.site import Site
from audits.text import normal, words_of_url
from crawler.capture import Control, Form, Link, Page, PageFacts, Place

ROLES = frozenset(
    {
        "message",
        "email",
        "phone",
        "name",
        "identity",
        "number",
        "file",
        "password",
        "search",
        "amount",
        "card",
        "date",
        "choice",
        "subject",
    }
)

_AROUND = 200
_DATED_PATH = re.compile(r"/(?:19|20)\d\d/\d{1,2}/")

_BY_TYPE = {
    "textarea": "message", "email": "email", "tel": "phone", "file": "file", "password": "password", "search": "search",
    "date": "date", "datetime-local": "date", "select": "choice", "radio": "choice", "checkbox": "choice",
}  # fmt: skip


class ProviderUse(NamedTuple):
    """A page that uses a provider: by a link, or (link None) by a script, frame or form; `words` show it on the page."""

    provider: Provider
    page: Page
    link: Link | None
    url: str
    words: str


class FormUse(NamedTuple):
    """A form with the roles of its fields. `in_template` when the same form stands on most pages."""

    page: Page
    form: Form
    roles: frozenset[str]
    in_template: bool


class _Index:
    """Providers by host, and those known by fragments of script URLs or by field names."""

    def __init__(self, providers: Iterable[Provider]) -> None:
        self.by_host: dict[str, list[Provider]] = defaultdict(list)
        self.by_script: list[tuple[str, Provider]] = []
        self.by_field: dict[str, list[Provider]] = defaultdict(list)
        for provider in providers:
            for host in provider.hosts:
                self.by_host[host.removeprefix("=")].append(provider)
            self.by_script += [(fragment.lower(), provider) for fragment in provider.scripts]
            for field in provider.fields:
                self.by_field[field.lower()].append(provider)
        self.of_url = lru_cache(maxsize=20_000)(self._of_url)
        """Providers to which a URL leads; pages repeat their links."""
        self.of_script = lru_cache(maxsize=20_000)(self._of_script)
        """Providers whose script a URL is."""

    def _of_url(self, url: str) -> list[Provider]:
        try:
            host = (urlsplit(url).hostname or "").lower()
        except ValueError:
            return []
        labels = host.split(".")
        near = [p for i in range(len(labels)) for p in self.by_host.get(".".join(labels[i:]), ())]
        return [provider for provider in near if provider.owns(url)]

    def knows(self, host: str) -> bool:
        """Whether a host is a provider's; of hosts that many bodies of the State share only what leads to the provider itself."""
        labels = host.split(".")
        near = [p for i in range(len(labels)) for p in self.by_host.get(".".join(labels[i:]), ())]
        return any(not (provider.state and provider.paths) for provider in near)

    def _of_script(self, url: str) -> list[Provider]:
        lower = url.lower()
        return [provider for fragment, provider in self.by_script if fragment in lower]


@lru_cache(maxsize=8)
def _index(providers: tuple[Provider, ...]) -> _Index:
    return _Index(providers)


class _Owners:
    """Whose URLs are: each is looked up once for a site."""

    def __init__(self, site: Site) -> None:
        self.index = _index(site.catalog.providers)
        self._found: dict[str, list[Provider]] = {}

    def of(self, url: str) -> list[Provider]:
        if url not in self._found:
            self._found[url] = self.index.of_url(url)
        return self._found[url]


_owners = once_per_site(_Owners)


def providers_of(url: str, site: Site) -> list[Provider]:
    """Providers to which a URL leads."""
    return _owners(site).of(url)


def scripts_of(url: str, site: Site) -> list[Provider]:
    """Providers whose script a URL is."""
    return _owners(site).index.of_script(url)


def is_known_host(url: str, site: Site) -> bool:
    """Whether a URL leads to a known provider, by its whole address or because its host is a provider's own."""
    return bool(providers_of(url, site)) or _owners(site).index.knows(host_of(url))


def is_item(page: Page, site: Site) -> bool:
    """Whether a page is one item of news: what it links to is what it tells of, not what the portal offers."""
    return page is not site.pages[0] and (bool(_DATED_PATH.search(page.url)) or "news" in site.subjects(page))


@once_per_site
def told_of(site: Site) -> frozenset[str]:
    """Addresses that only the texts of items of news link to."""
    told: set[str] = set()
    offered: set[str] = set()
    for page in site.pages:
        item = is_item(page, site)
        for link in page.facts.links if page.facts else ():
            passing = item and link.kind == "a" and link.place is Place.MAIN and not site.is_template_link(link)
            (told if passing else offered).add(link.url)
    return frozenset(told - offered)


def lists_results(page: Page, site: Site) -> bool:
    """Whether a page shows what somebody searched for: it is called as people asked, whatever it holds."""
    return "site_search" in site.subjects(page)


@once_per_site
def provider_uses(site: Site) -> list[ProviderUse]:
    """All uses of known providers, one per provider and URL, in page order; pages that are items of news come last."""
    index = _owners(site).index
    uses: dict[tuple[str, str], ProviderUse] = {}
    for page in sorted(site.pages, key=lambda page: is_item(page, site)):
        facts = page.facts
        if facts is None or page.delegated:
            continue
        for link in facts.links:
            if link.url and link.kind not in ("image", "alternate") and not site.is_own(link.url):
                for provider in providers_of(link.url, site):
                    uses.setdefault((provider.id, link.url), ProviderUse(provider, page, link, link.url, link.text or link.url))
        for kind, url in facts.resources:
            if not site.is_own(url):
                found = index.of_script(url) + (providers_of(url, site) if kind in ("form", "frame") else [])
                for provider in found:
                    uses.setdefault((provider.id, url), ProviderUse(provider, page, None, url, url))
        for form in facts.forms:
            for control in form.controls:
                for provider in index.by_field.get(control.name.lower(), ()):
                    shown = control.label or control.name
                    use = ProviderUse(provider, page, None, form.action or page.url, shown)
                    uses.setdefault((provider.id, page.url), use)
    return list(uses.values())


@once_per_site
def form_uses(site: Site) -> list[FormUse]:
    """All forms of pages that are not stubs, in page order."""
    seen: dict[tuple[str, tuple[Control, ...]], int] = defaultdict(int)
    forms: list[tuple[Page, Form]] = []
    for page in site.pages:
        if page.facts is None or page.delegated or site.is_stub(page):
            continue
        for form in page.facts.forms:
            if not _is_for_comments(page.facts, form, site):
                seen[form.action, form.controls] += 1
                forms.append((page, form))
    floor = max(4, len(site.pages) // 2)
    return [FormUse(page, form, roles(form, site), seen[form.action, form.controls] >= floor) for page, form in forms]


def _is_for_comments(facts: PageFacts, form: Form, site: Site) -> bool:
    """Whether a form is there for readers to comment on an article: nobody else is asked anything by it."""
    around = f"{facts.sections[form.section].heading} {form.words[:_AROUND]} {' '.join(words_of_url(form.action))}"
    return bool(site.sign("commenting").find(normal(around)))


def roles(form: Form, site: Site) -> frozenset[str]:
    """Roles that the fields of a form play, by their type and by the words beside them."""
    found: set[str] = set()
    for control in form.controls:
        by_type = _BY_TYPE.get(control.kind)
        if by_type:
            found.add(by_type)
        # What stands beside a box to tick is one of several answers, not the name of a field.
        if by_type is None or control.kind == "select":
            text = normal(f"{control.label} {control.name.replace('_', ' ').replace('-', ' ')}")
            found |= {role for role in ROLES if site.sign(role).find(text)}
    return frozenset(found)
