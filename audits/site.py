"""A capture as criteria look at it: which page stands behind a link, what is template, which place names which thing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from audits import naming, stubs
from audits.addresses import host_of, key_of
from audits.catalog import Catalog
from audits.hosts import Hosts
from audits.lexicon import Phrases
from audits.naming import Scope, Spot
from audits.packs import Country
from audits.template import Template
from audits.text import normal
from crawler.capture import Capture, Link, Page, PageFacts, Place, Reason

__all__ = ["Scope", "Site", "Spot"]

_GONE = frozenset({Reason.NOT_FOUND, Reason.EMPTY_BODY})
_ANY_LANGUAGE = frozenset({"placeholder", "placeholder_hosts", "search_results", "archives"})
_HEADING_WORDS, _FOLLOWING = 8, 120


class Site:
    """All that the searches ask of one capture; everything is computed once and depends on nothing else."""

    def __init__(self, capture: Capture, catalog: Catalog) -> None:
        self.capture = capture
        self.catalog = catalog
        self.country: Country | None = catalog.countries.get(capture.entity.country)
        self.today: date = capture.visit.as_of.date()
        self.pages: list[Page] = [p for p in capture.pages if p.facts is not None and p.problem is None and p.status < 400]
        self.lexicon = catalog.lexicon(self.languages, capture.entity.country if self.country else "")
        self._hosts = Hosts(capture, tuple(self.country.state_suffixes) if self.country else ())
        self.own_hosts = self._hosts.own
        self._stubs: dict[str, bool] = {}
        self._signs: dict[str, Phrases] = {}
        self._targets: dict[str, Page | None] = {}
        self._states: dict[str, str] = {}
        self._scopes: dict[tuple[int, tuple[int, ...]], Scope] = {}
        self._bodies: dict[int, Scope] = {}
        self._tops: dict[int, Scope] = {}
        self._names: dict[str, Mapping[str, float]] = {}
        self._own: dict[str, bool] = {}
        self._texts: dict[tuple[str, ...], str] = {}
        self._subjects: dict[int, dict[str, float]] = {}
        self._placed: dict[tuple[int, int], list[tuple[Link, frozenset[int]]]] = {}
        self._news: dict[int, bool] = {}
        self._answers: dict[int, bool] = {}
        # The title of the home page often stands on every page, and then it names nothing.
        self.home_title = next((p.facts.title for p in self.pages if p.facts), "")
        self._own_words = frozenset(normal(capture.entity.name).split())

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages whose words apply: of the registry, else of the country, and any in which a fifth of the pages is written."""
        own = set(self.capture.entity.languages) or set(self.country.languages if self.country else ())
        seen = Counter(p.facts.detected for p in self.pages if p.facts and p.facts.detected)
        total = sum(seen.values())
        return tuple(sorted(own | {language for language, count in seen.items() if count * 5 >= total}))

    def sign(self, name: str) -> Phrases:
        """The words of one list of signs in the languages of the site; what themes and servers write comes in any language."""
        if name not in self._signs:
            self._signs[name] = self.catalog.sign(name, () if name in _ANY_LANGUAGE else self.languages)
        return self._signs[name]

    def names(self, label: str) -> Mapping[str, float]:
        """Things that a label names; the entity's own name in it does not count ("Organigrama de Villa Ejemplo")."""
        known = self._names.get(label)
        if known is None:
            known = self._names[label] = self._names_in(label)
        return known

    def _names_in(self, label: str) -> Mapping[str, float]:
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
        if link.url not in self._targets:
            self._targets[link.url] = self._by_key.get(key_of(link.url)) if link.url else None
        return self._targets[link.url]

    def is_own(self, url: str) -> bool:
        """Whether a URL is on a host of the entity, and not in another body's folder on a host that several share."""
        known = self._own.get(url)
        if known is None:
            host, page = host_of(url), self._by_key.get(key_of(url))
            shared = page is not None and page.delegated and host in self.own_hosts
            known = self._own[url] = not shared and self._hosts.owns(host)
        return known

    def is_state(self, url: str) -> bool:
        """Whether a URL is on a host reserved to the State in the entity's country."""
        return self._hosts.is_state(host_of(url))

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
        known = self._states.get(link.url)
        if known is None:
            known = self._states[link.url] = self._state_of(link)
        return known

    def _state_of(self, link: Link) -> str:
        if not link.url.startswith("http") or self._is_placeholder(link.url):
            return "nowhere"
        page, own = self.target(link), self.is_own(link.url)
        if page is None or (page.problem is not None and not self.is_gone(page)):
            return "unread" if own else "external"
        if self.is_gone(page):
            return "gone" if own else "external"
        return "read"

    def _is_placeholder(self, url: str) -> bool:
        """Whether a URL is on a host that only stands for one still to be written."""
        return host_of(url) not in self.own_hosts and self.sign("placeholder_hosts").whole(normal(host_of(url)))

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
        known = self._scopes.get((id(page), chosen))
        if known is not None:
            return known
        inside = frozenset(chosen)
        lines = tuple(line for i in chosen for line in self._template.own_lines(facts, i))
        links = tuple(link for link in facts.links if link.section in inside and not self.is_template_link(link))
        scope = self._scopes[id(page), chosen] = Scope(page, facts, chosen, lines, links)
        return scope

    def text_of(self, scope: Scope) -> str:
        """The lines of a part of a page as one text; the same text each time, so that what is worked out of it is found again."""
        text = self._texts.get(scope.lines)
        if text is None:
            text = self._texts[scope.lines] = "\n".join(scope.lines)
        return text

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

    def top(self, page: Page) -> Scope:
        """The main part of a page with what stands in headers: articles put their title and day there."""
        if id(page) not in self._tops:
            sections = (page.facts or PageFacts()).sections
            self._tops[id(page)] = self.scope(page, [i for i, s in enumerate(sections) if s.place in (Place.MAIN, Place.HEADER)])
        return self._tops[id(page)]

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

    def after_line(self, page: Page, section: int, line: int) -> Scope:
        """What follows a line that stands as a heading: up to the next such line, with the links that stand in it."""
        scope = self.scope(page, (section,))
        lines = scope.lines[line : line + _FOLLOWING]
        here = self.names(lines[0]) if lines else {}
        for at, text in enumerate(lines[1:], 1):
            others = self.names(text) if text.count(" ") < _HEADING_WORDS else {}
            if others and not here.keys() & others.keys():
                lines = lines[:at]
                break
        mark = (id(page), section)
        if mark not in self._placed:
            self._placed[mark] = naming.lines_of((k for k in scope.links if k.text), scope.lines, self)
        held = range(line, line + len(lines))
        links = tuple(link for link, places in self._placed[mark] if any(at in held for at in places))
        return scope._replace(lines=lines, links=links, part=len(lines) / max(1, len(scope.lines)))

    def own_lines(self, page: Page, section: int) -> tuple[str, ...]:
        """Lines of a section that are not the template's."""
        return self._template.own_lines(page.facts or PageFacts(), section)

    # What names what ---

    def has_subject(self, label: str) -> bool:
        """Whether a label says anything at all, beyond "download", "more" or a year."""
        return self.lexicon.has_subject(label)

    @cached_property
    def news_things(self) -> frozenset[str]:
        """Criteria on news: what an item of news speaks of is not published by it."""
        return frozenset(c.id for c in self.catalog.criteria.values() if c.find.get("items"))

    def subjects(self, page: Page) -> dict[str, float]:
        """Things that a page is about."""
        known = self._subjects.get(id(page))
        if known is None:
            known = self._subjects[id(page)] = naming.subjects(page, self)
        return known

    @cached_property
    def spots(self) -> dict[str, list[Spot]]:
        """Every place that names a thing, by thing, in page order; a target is listed once."""
        return naming.spots(self)

    @cached_property
    def _outside(self) -> dict[str, frozenset[str]]:
        return naming.names_from_outside(self)

    def called(self, page: Page) -> frozenset[str]:
        """What the links of the site agree to call a page."""
        return self._outside.get(key_of(page.url), frozenset()) | self._outside.get(key_of(page.requested_url), frozenset())

    def is_news_item(self, page: Page) -> bool:
        """Whether a page is one piece of news, not the place of what it speaks of."""
        known = self._news.get(id(page))
        if known is None:
            known = self._news[id(page)] = naming.is_news_item(page, self)
        return known

    def is_answer(self, page: Page) -> bool:
        """Whether a page is the answer to a search: it proves nothing of what it lists."""
        known = self._answers.get(id(page))
        if known is None:
            known = self._answers[id(page)] = naming.is_answer(page, self)
        return known

    def is_stub(self, page: Page) -> bool:
        """Whether a page says that it is an error page or not ready, and holds little else."""
        known = self._stubs.get(page.url)
        if known is None:
            known = self._stubs[page.url] = stubs.says_stub(page, self)
        return known

    def is_unfilled(self, page: Page) -> bool:
        """Whether scripts would still have to fill the page: we saw the frame, not what people see in it."""
        return stubs.is_unfilled(page, self)
