"""What a crawl is told by the rules: the guide of `crawler/`, made from the catalogue of `audits/`."""

import tomllib
from collections import defaultdict

from pydantic import ValidationError

from audits.catalog import Catalog, RulesError
from audits.facts import read
from crawler.capture import Record
from crawler.guide import Guide

STANDS_IN = "transparency"
"""The kind of provider on whose hosts bodies publish what the law asks of their own portals."""


class Sampling(Record):
    """Criteria whose pages belong to every sample for accessibility (`rules/sample.toml`), those worth most first."""

    common: tuple[str, ...]
    process: tuple[str, ...]


def guide_from(catalog: Catalog) -> Guide:
    """The functions and lists of a crawl under these rules. Raises RulesError where `sample.toml` cannot be used."""
    platforms: dict[str, list[str]] = defaultdict(list)
    for provider in catalog.providers:
        for country in provider.countries if provider.kind == STANDS_IN else ():
            platforms[country] += [host.removeprefix("=") for host in provider.hosts]
    sampling = sampling_from(catalog)
    return Guide(
        read=read,
        topics=catalog.topics,
        recognise=catalog.impostor,
        platforms={country: tuple(hosts) for country, hosts in platforms.items()},
        zones={country.id: country.time_zone for country in catalog.countries.values()},
        common=sampling.common,
        process=sampling.process,
    )


def sampling_from(catalog: Catalog) -> Sampling:
    """Which criteria the sample for accessibility follows. Raises RulesError with the first mistake."""
    path = catalog.root / "sample.toml"
    try:
        sampling = Sampling.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise RulesError(f"{path} is missing; restore it from the program's own rules.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesError(f"{path} is not valid TOML: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise RulesError(f"{path}: '{'.'.join(map(str, first['loc']))}': {first['msg']}.") from None
    unknown = next((name for name in sampling.common + sampling.process if name not in catalog.criteria), None)
    if unknown:
        raise RulesError(f"{path} names '{unknown}', which is no criterion; name one of rules/criteria.")
    return sampling
