"""A place that speaks of a thing is not the thing: news, laws, other bodies, demo text, dead links, hidden menus, error pages.

Every criterion is asked with several of its own names, in Spanish and Portuguese, against every such place.
"""

import tomllib
from pathlib import Path

import pytest

from audits.catalog import load
from audits.judge import search_of
from audits.model import Status, Verdict
from audits.site import Site
from tests.audits.portal import capture_of

CATALOG = load()
PLACES = tomllib.loads(Path(__file__).with_name("negatives.toml").read_text(encoding="utf-8"))
KINDS = sorted({kind for places in PLACES.values() for kind in places} - {"frame"})
IS_THE_THING = {
    ("news", "news_in_passing"): "a dated item is news",
    ("site_search", "search_results"): "a page of results shows that the site can be searched",
}
SEARCHES = ("content", "service")
NAMED = sorted(c.id for c in CATALOG.criteria.values() if c.find["search"] in SEARCHES and c.status is not Status.RETIRED)


def names_of(criterion: str, language: str) -> list[str]:
    """The first, the middle and the last of the names of a thing in a language."""
    words = CATALOG.words[language].get(criterion)
    names = words.names if words else ()
    return list(dict.fromkeys(names[at] for at in (0, len(names) // 2, len(names) - 1))) if names else []


def portal_with(kind: str, name: str, language: str):
    """A small portal that holds a place of one kind and nothing else of interest."""
    frame, place = PLACES[language]["frame"], PLACES[language][kind]
    label = name.strip(" *")
    title, shown = (place.get(part, "").replace("{name}", label) for part in ("title", "page"))
    files = {
        "": frame["home"].format(menu=place.get("menu", ""), body=place.get("body", "")).replace("{name}", label),
        "historia.html": frame["page"].format(title="", body=frame["history"]),
    }
    if shown:
        files["pagina.html"] = frame["page"].format(title=title, body=shown)
    return capture_of(files, language)


@pytest.mark.parametrize("language", ["es", "pt"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_only_speaks_of_a_thing_never_proves_it(kind: str, language: str) -> None:
    wrong = []
    for criterion in map(CATALOG.criteria.__getitem__, NAMED):
        if (criterion.id, kind) in IS_THE_THING:
            continue
        for name in names_of(criterion.id, language):
            finding = search_of(criterion).find(criterion, Site(portal_with(kind, name, language), CATALOG))[0]
            if finding.verdict is Verdict.PASSED:
                wrong.append(f"{criterion.id} «{name}»: {finding.reason} {finding.values} {[e.quote for e in finding.evidence]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["es", "pt"])
def test_every_criterion_that_is_searched_by_words_has_words(language: str) -> None:
    by_words = [c for c in NAMED if not {"providers", "search"} ^ set(CATALOG.criteria[c].find)]
    assert not [c for c in NAMED if c not in by_words and not names_of(c, language)]
