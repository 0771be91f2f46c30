"""Countries: their codes and their names in our languages, as ISO 3166 and Unicode CLDR have them."""

import re
from functools import cache

from babel import Locale
from babel.core import get_global

from audits.model import LANGUAGES
from results.registry_columns import fold, meanings

NOT_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""Two-letter codes of CLDR that are not ISO 3166 countries or territories."""


@cache
def country_names() -> dict[str, dict[str, str]]:
    """Names by language, by alpha-2 code, in the order of the codes."""
    names = {language: Locale.parse(language).territories for language in LANGUAGES}
    codes = sorted(code for code in map(str, names["en"]) if re.fullmatch(r"[A-Z]{2}", code) and code not in NOT_COUNTRIES)
    return {code: {language: names[language].get(code, code) for language in LANGUAGES} for code in codes}


@cache
def _by_word() -> dict[str, str]:
    found = {fold(name): code for code, names in country_names().items() for name in names.values()}
    aliases = get_global("territory_aliases").items()
    found |= {fold(alias): new[0] for alias, new in aliases if re.fullmatch(r"[A-Z]{3}", alias) and new[0] in country_names()}
    found |= meanings("countries")
    return found | {fold(code): code for code in country_names()}


def country_code(word: str) -> str:
    """The alpha-2 code of a country by its code of two or three letters or its name ("Perú", "PER" → "PE"); "" if unknown."""
    return _by_word().get(fold(word), "")
