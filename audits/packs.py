"""What differs by country, and the platforms that portals use: who provides them and how a page shows it."""

from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field

from audits.lexicon import Words
from audits.model import Texts
from crawler.capture import Record


@lru_cache(maxsize=8192)
def _host(url: str) -> str:
    """The host as it is written; pages repeat their links. Raises ValueError for what is no URL."""
    return (urlsplit(url).hostname or "").lower()


class Provider(Record):
    """A known platform, and how a page shows that it uses it.

    `hosts` match themselves and their subdomains ("=example.com" only itself, with or without www.); where `paths` is given one
    of them must stand in the URL ("/*" is any path but the root), and none of `not_paths`; `scripts` are fragments of script
    URLs; `fields` names of form fields.
    """

    id: str
    name: str
    kind: str
    countries: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    not_paths: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    state: bool = False
    source: str = ""
    evidence: str = "GK"

    def owns(self, url: str) -> bool:
        """Whether a URL leads to this provider."""
        host = _host(url)
        exact = "=" + host.removeprefix("www.")
        if not any(known == exact or host == known or host.endswith("." + known) for known in self.hosts):
            return False
        rest = url.split(host, 1)[-1].lower()
        wanted = not self.paths or any(path in rest if path != "/*" else len(rest.strip("/")) > 0 for path in self.paths)
        return wanted and not any(path in rest for path in self.not_paths)


class StandIn(Record):
    """A place elsewhere to which portals send people for many things: kinds of providers that are one, and what it answers."""

    id: str
    providers: tuple[str, ...] = ()
    answers: tuple[str, ...]


class Tongue(Record):
    """A language in which a portal may be written (BCP 47 primary subtag): what a switch of languages calls it."""

    code: str
    names: tuple[str, ...]
    indigenous: bool = False


class Law(Record):
    """A law of a country: what it is about (access, signature, procurement …), where to read it, and how well that is known."""

    id: str
    name: str
    subject: str
    url: str = ""
    evidence: Literal["V", "V3", "GK"]


class Norm(Record):
    """How often the law of a country has a thing renewed: at least every `days`. `law` is the id of a law, `item` its article.

    `levels` are those of government that it binds, none means all.
    """

    criterion: str
    days: int = Field(gt=0)
    law: str
    item: str = ""
    levels: tuple[str, ...] = ()
    evidence: Literal["V", "V3", "GK"]


class Country(Record):
    """What differs by country, by its ISO 3166 code. `time_zone` is the IANA zone in which most of its people live.

    `platforms` maps a kind of provider to the ids of those that the State itself runs. `laws` and `norms` are read from
    `norms.toml`, `words` from `words.toml` beside it: what things are called in this country only, or mean nothing else here.
    """

    id: str
    languages: tuple[str, ...]
    time_zone: str
    state_suffixes: tuple[str, ...] = ()
    currency: tuple[str, ...] = ()
    platforms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    note: Texts = Field(default_factory=dict)
    laws: tuple[Law, ...] = ()
    norms: tuple[Norm, ...] = ()
    words: dict[str, Words] = Field(default_factory=dict)

    def norm_of(self, criterion: str, level: str = "") -> Norm | None:
        """The strictest periodicity that a law of the country states for a thing, for bodies of a level ("" any)."""
        of_it = (norm for norm in self.norms if norm.criterion == criterion)
        binding = (norm for norm in of_it if not norm.levels or not level or level in norm.levels)
        return min(binding, key=lambda norm: norm.days, default=None)


class SuccessCriterion(Record):
    """A success criterion of WCAG 2.2, level A or AA (`rules/success_criteria.toml`): its name, and how a webmaster meets it.

    `barrier` says in a sentence for everyone what is wrong where it fails.
    """

    id: str
    level: Literal["A", "AA"]
    understanding: str
    title: Texts
    barrier: Texts = Field(default_factory=dict)
    fix: Texts = Field(default_factory=dict)


class Check(Record):
    """One accessibility rule of our own (`rules/checks.toml`): what it asks, and how a webmaster mends what fails it.

    `criteria` are success criteria that a failure fails, `act` ids of ACT rules that it implements.
    """

    id: str
    criteria: tuple[str, ...]
    act: tuple[str, ...] = ()
    title: Texts
    fix: Texts
    sources: tuple[str, ...] = ()
