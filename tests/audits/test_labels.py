"""The labels of labels.toml name what people mean by them, and the others nothing."""

import tomllib
from pathlib import Path

import pytest

from audits.catalog import load

LABELS = tomllib.loads(Path(__file__).with_name("labels.toml").read_text(encoding="utf-8"))
CATALOG = load()


@pytest.mark.parametrize("language", LABELS)
def test_labels_of_menus_and_headings_name_the_thing(language: str) -> None:
    lexicon = CATALOG.lexicon((language,), "XX")
    missed = [
        (label, thing) for thing, labels in LABELS[language].items() for label in labels if thing not in lexicon.names(label)
    ]
    assert not [miss for miss in missed if miss[1] != "none"]


@pytest.mark.parametrize("language", LABELS)
def test_labels_of_other_things_name_none_of_them(language: str) -> None:
    lexicon = CATALOG.lexicon((language,), "XX")
    things = set(LABELS[language]) - {"none"}
    assert not {label: found for label in LABELS[language]["none"] if (found := things & set(lexicon.names(label)))}
