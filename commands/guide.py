"""What a crawl is told by the rules: the guide of `crawler/`, made from the catalogue of `audits/`."""

from collections import defaultdict

from audits.catalog import Catalog
from audits.facts import read
from crawler.guide import Guide

STANDS_IN = "transparency"
"""The kind of provider on whose hosts bodies publish what the law asks of their own portals."""


def guide_from(catalog: Catalog) -> Guide:
    """The functions and lists of a crawl under these rules."""
    platforms: dict[str, list[str]] = defaultdict(list)
    for provider in catalog.providers:
        for country in provider.countries if provider.kind == STANDS_IN else ():
            platforms[country] += [host.removeprefix("=") for host in provider.hosts]
    return Guide(
        read=read,
        topics=catalog.topics,
        recognise=catalog.impostor,
        platforms={country: tuple(hosts) for country, hosts in platforms.items()},
        zones={country.id: country.time_zone for country in catalog.countries.values()},
    )
