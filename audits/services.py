"""Uses of providers and forms on a site, gathered once for all criteria on services."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from audits.once import once_per_site
from audits.packs import Provider
from audits.site import Site
from audits.text import normal
from crawler.capture import Control, Form, Link, Page

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
        "date",
        "choice",
        "subject",
    }
)

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

    def of_url(self, url: str) -> list[Provider]:
        """Providers to which a URL leads."""
        try:
            host = (urlsplit(url).hostname or "").lower()
        except ValueError:
            return []
        labels = host.split(".")
        near = [p for i in range(len(labels)) for p in self.by_host.get(".".join(labels[i:]), ())]
        return [provider for provider in near if provider.owns(url)]

    def of_script(self, url: str) -> list[Provider]:
        """Providers whose script a URL is."""
        lower = url.lower()
        return [provider for fragment, provider in self.by_script if fragment in lower]


@lru_cache(maxsize=8)
def _index(providers: tuple[Provider, ...]) -> _Index:
    return _Index(providers)


@once_per_site
def provider_uses(site: Site) -> list[ProviderUse]:
    """All uses of known providers, in page order, one per provider and URL."""
    index = _index(site.catalog.providers)
    uses: dict[tuple[str, str], ProviderUse] = {}
    for page in site.pages:
        facts = page.facts
        if facts is None or page.delegated:
            continue
        for link in facts.links:
            if link.url and link.kind not in ("image", "alternate") and not site.is_own(link.url):
                for provider in index.of_url(link.url):
                    uses.setdefault((provider.id, link.url), ProviderUse(provider, page, link, link.url, link.text or link.url))
        for kind, url in facts.resources:
            if not site.is_own(url):
                found = index.of_script(url) + (index.of_url(url) if kind in ("form", "frame") else [])
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
            seen[form.action, form.controls] += 1
            forms.append((page, form))
    floor = max(4, len(site.pages) // 2)
    return [FormUse(page, form, roles(form, site), seen[form.action, form.controls] >= floor) for page, form in forms]


def roles(form: Form, site: Site) -> frozenset[str]:
    """Roles that the fields of a form play, by their type and by the words beside them."""
    found: set[str] = set()
    for control in form.controls:
        by_type = _BY_TYPE.get(control.kind)
        if by_type:
            found.add(by_type)
        if by_type in (None, "choice"):
            text = normal(f"{control.label} {control.name.replace('_', ' ').replace('-', ' ')}")
            found |= {role for role in ROLES if site.sign(role).find(text)}
    return frozenset(found)
