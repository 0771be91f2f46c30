"""A capture as criteria look at it: which page stands behind a link, what is template, which place names which thing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

from tldextract import TLDExtract

from audits.addresses import host_of, key_of
from audits.catalog import Catalog
from audits.lexicon import Phrases
from audits.packs import Country
from audits.template import Template
from audits.text import normal
from crawler.capture import Capture, Level, Link, Page, PageFacts, Place, Reason

_GONE = frozenset({Reason.NOT_FOUND, Reason.EMPTY_BODY})
_STUB_WORDS, _UNFILLED_WORDS = 120, 20
_DISTINCT_NAME = 5
_SUFFIXES = TLDExtract(suffix_list_urls=(), cache_dir=None)


class Spot(NamedTuple):
    """A place that names a thing: `by` is title, heading, link or file. `share` is how much of the words the name makes up."""

    page: Page
    by: str
    section: int
    link: Link | None
    share: float


class Scope(NamedTuple):
    """A part of a page in which a proof is looked for."""

    page: Page
    facts: PageFacts
    sections: tuple[int, ...]
    lines: tuple[str, ...]
    links: tuple[Link, ...]


class Site:
    """All that the searches ask of one capture; everything is computed once and depends on nothing else."""

    def __init__(self, capture: Capture, catalog: Catalog) -> None:
        self.capture = capture
        self.catalog = catalog
        self.country: Country | None = catalog.countries.get(capture.entity.country)
        self.today: date = capture.visit.as_of.date()
        self.pages: list[Page] = [p for p in capture.pages if p.facts is not None and p.problem is None and p.status < 400]
        self.lexicon = catalog.lexicon(self.languages, capture.entity.country if self.country else "")
        self._stubs: dict[str, bool] = {}
        self._signs: dict[str, Phrases] = {}
        self._bodies: dict[int, Scope] = {}
        # The title of the home page often stands on every page, and then it names nothing.
        self._home_title = next((p.facts.title for p in self.pages if p.facts), "")
        self._own_words = frozenset(normal(capture.entity.name).split())

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages whose words apply: of the registry, else of the country, and any in which a fifth of the pages is written."""
        own = set(self.capture.entity.languages) or set(self.country.languages if self.country else ())
        seen = Counter(p.facts.detected for p in self.pages if p.facts and p.facts.detected)
        total = sum(seen.values())
        return tuple(sorted(own | {language for language, count in seen.items() if count * 5 >= total}))

    def sign(self, name: str) -> Phrases:
        """The words of one list of signs in the languages of the site."""
        if name not in self._signs:
            self._signs[name] = self.catalog.sign(name, self.languages)
        return self._signs[name]

    def names(self, label: str) -> Mapping[str, float]:
        """Things that a label names; the entity's own name in it does not count ("Organigrama de Villa Ejemplo")."""
        found = self.lexicon.names(label)
        words = normal(label).split()
        if self._own_words.isdisjoint(words):
            return found
        rest = self.lexicon.names(" ".join(word for word in words if word not in self._own_words))
        return {thing: max(found.get(thing, 0.0), rest.get(thing, 0.0)) for thing in {*found, *rest}}

    # Pages and links ---

    @cached_property
    def _by_key(self) -> dict[str, Page]:
        table: dict[str, Page] = {}
        for page in self.capture.pages:
            for url in (page.url, page.requested_url):
                known = table.get(key_of(url))
                if known is None or (known.problem is not None and page.problem is None):
                    table[key_of(url)] = page
        return table

    def target(self, link: Link) -> Page | None:
        """The page or document behind a link, None where it was never asked for."""
        return self._by_key.get(key_of(link.url)) if link.url else None

    @cached_property
    def own_hosts(self) -> frozenset[str]:
        """Hosts of the entity itself."""
        hosts = {host_of(url) for url in self.capture.entity.portals}
        hosts |= {host_of(p.url) for p in self.capture.pages[:1]}
        return frozenset(hosts - {""})

    @cached_property
    def _own_domains(self) -> frozenset[str]:
        return frozenset(_SUFFIXES(own).top_domain_under_public_suffix for own in self.own_hosts) - {""}

    def is_own(self, url: str) -> bool:
        """Whether a URL is on a host of the entity: the same, one below it, or for a local body one of the same name.

        A town's main site and its site for procedures bear one name (`town.gov.xx`, `procedures.town.gov.xx`); an agency whose
        host lies below its government's is another body than that government.
        """
        host, page = host_of(url), self._by_key.get(key_of(url))
        if page is not None and page.delegated and host in self.own_hosts:
            return False  # another body's folder on a host that several share
        if any(host == own or host.endswith("." + own) for own in self.own_hosts):
            return True
        if self.capture.entity.level is not Level.LOCAL:
            return False
        other = _SUFFIXES(host)
        if other.top_domain_under_public_suffix in self._own_domains:
            return True
        return len(other.domain) >= _DISTINCT_NAME and any(other.domain in own.split(".") for own in self.own_hosts)

    def is_state(self, url: str) -> bool:
        """Whether a URL is on a host reserved to the State in the entity's country."""
        host = host_of(url)
        suffixes = self.country.state_suffixes if self.country else ()
        return any(host == suffix or host.endswith("." + suffix) for suffix in suffixes)

    @cached_property
    def outward_state_links(self) -> list[tuple[Page, Link]]:
        """Links from own pages to hosts of the State that are not the entity's, one per URL and words."""
        found: dict[tuple[str, str], tuple[Page, Link]] = {}
        for page in self.pages:
            for link in page.facts.links if page.facts and not page.delegated else ():
                if link.url.startswith("http") and link.kind != "image" and self.is_state(link.url) and not self.is_own(link.url):
                    found.setdefault((link.url, link.text), (page, link))
        return list(found.values())

    def state_of(self, link: Link) -> str:
        """What is known of the target of a link: nowhere, external, unread, gone, or read."""
        if not link.url.startswith("http"):
            return "nowhere"
        page, own = self.target(link), self.is_own(link.url)
        if page is None or (page.problem is not None and not self.is_gone(page)):
            return "unread" if own else "external"
        if self.is_gone(page):
            return "gone" if own else "external"
        return "read"

    @staticmethod
    def is_gone(page: Page) -> bool:
        """Whether a target is known to be missing (not merely unread)."""
        return page.problem in _GONE or page.status in (404, 410)

    # Template ---

    @cached_property
    def _template(self) -> Template:
        return Template([p.facts for p in self.pages if p.facts and not p.delegated])

    def is_template_line(self, line: str) -> bool:
        """Whether a line stands on most pages of the site."""
        return self._template.has_line(line)

    def is_template_link(self, link: Link) -> bool:
        """Whether a link stands on most pages of the site."""
        return self._template.has_link(link)

    # Scopes ---

    def scope(self, page: Page, sections: Iterable[int]) -> Scope:
        """Some sections of a page, without what belongs to the template."""
        facts = page.facts
        if facts is None:
            raise ValueError(f"{page.url} is no web page")
        chosen = tuple(sections)
        inside = frozenset(chosen)
        lines = tuple(line for i in chosen for line in self._template.own_lines(facts, i))
        links = tuple(link for link in facts.links if link.section in inside and not self.is_template_link(link))
        return Scope(page, facts, chosen, lines, links)

    def body(self, page: Page) -> Scope:
        """The main part of a page (all of it where no part is marked as main)."""
        if id(page) not in self._bodies:
            self._bodies[id(page)] = self._body(page)
        return self._bodies[id(page)]

    def _body(self, page: Page) -> Scope:
        facts = page.facts or PageFacts()
        main = [i for i, s in enumerate(facts.sections) if s.place is Place.MAIN]
        if sum(len(facts.sections[i].text) for i in main) < 80:
            main = [i for i, s in enumerate(facts.sections) if s.place in (Place.MAIN, Place.HEADER, Place.ASIDE)]
        return self.scope(page, main)

    def under(self, page: Page, section: int) -> Scope:
        """A heading's section with all sections of lower rank that follow it."""
        sections = (page.facts or PageFacts()).sections
        level = sections[section].level or 7
        chosen = [section]
        for i in range(section + 1, len(sections)):
            if sections[i].place is not sections[section].place:
                if sections[i].text or sections[i].heading:
                    break
                continue
            if 0 < sections[i].level <= level:
                break
            chosen.append(i)
        return self.scope(page, chosen)

    # What names what ---

    def subjects(self, page: Page) -> dict[str, float]:
        """Things that a page is about: by its title (where that is its own), its first headings, and its address."""
        facts = page.facts
        if facts is None:
            return {}
        found: dict[str, float] = {}
        if page is self.pages[0]:
            return {}
        labels = [facts.title] if facts.title != self._home_title else []
        headings = [s for s in facts.sections if s.heading and s.place is Place.MAIN and not self.is_template_line(s.heading)]
        for level in (1, 2, 3):
            top = [s.heading for s in headings if s.level == level]
            if len(top) == 1:
                labels += top
            if top:
                break
        for label in labels:
            for thing, share in self.names(label[:200]).items():
                found[thing] = max(found.get(thing, 0.0), share)
        for thing, share in self.lexicon.names_of_url(page.url).items():
            found[thing] = max(found.get(thing, 0.0), share * 0.9)
        return found

    @cached_property
    def spots(self) -> dict[str, list[Spot]]:
        """Every place that names a thing, by thing, in page order; a target is listed once."""
        table: dict[str, list[Spot]] = defaultdict(list)
        seen: set[tuple[str, str]] = set()
        for page in self.pages:
            for thing, spot in self._spots_of(page):
                mark = (thing, spot.link.url or f"# {spot.link.text}") if spot.link else (thing, f"{page.url} {spot.section}")
                if mark not in seen:
                    seen.add(mark)
                    table[thing].append(spot)
        return dict(table)

    def _spots_of(self, page: Page) -> Iterator[tuple[str, Spot]]:
        facts = page.facts or PageFacts()
        if not self.is_stub(page):
            for thing, share in self.subjects(page).items():
                yield thing, Spot(page, "title", -1, None, share)
            for i, section in enumerate(facts.sections):
                if section.heading and section.place in (Place.MAIN, Place.HEADER, Place.ASIDE, Place.FOOTER):
                    for thing, share in self.names(section.heading[:200]).items():
                        yield thing, Spot(page, "heading", i, None, share)
        for link in facts.links:
            names = dict(self.names(link.text)) if link.text else {}
            if link.url and link.kind != "alternate" and (not names or link.kind == "image"):
                target = self.target(link)
                if target is not None and target.document is not None:
                    names |= self.lexicon.names_of_url(link.url)
            for thing, share in names.items():
                yield thing, Spot(page, "file" if link.kind == "image" else "link", link.section, link, share)

    def is_stub(self, page: Page) -> bool:
        """Whether a page says that it is an error page or not ready, and holds little else."""
        known = self._stubs.get(page.url)
        if known is None:
            known = self._stubs[page.url] = self._says_stub(page)
        return known

    def is_unfilled(self, page: Page) -> bool:
        """Whether scripts would still have to fill the page: we saw the frame, not what people see in it."""
        facts = page.facts
        if facts is None or page.rendered:
            return False
        if facts.shell or not facts.mounted:
            return facts.shell
        body = self.body(page)
        return sum(len(line.split()) for line in body.lines) < _UNFILLED_WORDS and not any(link.url for link in body.links)

    def _says_stub(self, page: Page) -> bool:
        facts = page.facts
        if facts is None or self.is_unfilled(page):
            return True
        signs = (self.sign("error_page"), self.sign("under_construction"))
        head = " ".join([facts.title, *(s.heading for s in facts.sections if s.level in (1, 2))])
        text = normal(head[:500])
        if any(sign.find(text) for sign in signs[:1]):
            return True
        body = self.body(page)
        words = " ".join(body.lines)
        return words.count(" ") < _STUB_WORDS and any(sign.find(normal(words)) for sign in signs)
