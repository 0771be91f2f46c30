"""Whose host a URL is on: the entity's own, or one reserved to the State."""

from functools import cached_property

from tldextract import TLDExtract

from audits.addresses import host_of
from crawler.capture import Capture, Level

_DISTINCT_NAME = 5
_SUFFIXES = TLDExtract(suffix_list_urls=(), cache_dir=None)


class Hosts:
    """The hosts of one entity, and those of its State, which end in `state_suffixes`."""

    def __init__(self, capture: Capture, state_suffixes: tuple[str, ...]) -> None:
        hosts = {host_of(url) for url in capture.entity.portals} | {host_of(page.url) for page in capture.pages[:1]}
        self.own = frozenset(hosts - {""})
        self._local = capture.entity.level is Level.LOCAL
        self._suffixes = state_suffixes
        self._state: dict[str, bool] = {}

    @cached_property
    def _domains(self) -> frozenset[str]:
        return frozenset(_SUFFIXES(own).top_domain_under_public_suffix for own in self.own) - {""}

    def owns(self, host: str) -> bool:
        """Whether a host is the entity's: the same, one below it, or for a local body one of the same name.

        A town's main site and its site for procedures bear one name (`town.gov.xx`, `procedures.town.gov.xx`); an agency whose
        host lies below its government's is another body than that government.
        """
        if any(host == own or host.endswith("." + own) for own in self.own):
            return True
        if not self._local:
            return False
        other = _SUFFIXES(host)
        if other.top_domain_under_public_suffix in self._domains:
            return True
        return len(other.domain) >= _DISTINCT_NAME and any(other.domain in own.split(".") for own in self.own)

    def is_state(self, host: str) -> bool:
        """Whether a host is reserved to the State."""
        known = self._state.get(host)
        if known is None:
            ends = self._suffixes
            known = self._state[host] = any(host == suffix or host.endswith("." + suffix) for suffix in ends)
        return known
