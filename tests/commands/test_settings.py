"""`--settings FILE.toml`: any setting of a crawl from a file; what cannot be used is named with file, line and remedy."""

from pathlib import Path

import pytest

from commands.audit import Asked, settings_for
from commands.errors import UserError
from commands.selection import Selection
from commands.settings_file import described, settings_as_markdown
from crawler.settings import CrawlSettings

NOBODY = Selection((), "")


@pytest.fixture
def written(tmp_path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "slow.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_what_is_typed_comes_before_the_file_and_the_file_before_what_stands(written):
    file = written('page_budget = 7\nvisit_seconds = 60\nhours = "21:00-06:00"\nbrowser = false\n')
    settings = settings_for(Asked(settings=file, pages=9, delay=4.5), NOBODY)
    assert (settings.page_budget, settings.visit_seconds, settings.hours) == (9, 60, "21:00-06:00")
    assert (settings.delay_seconds, settings.browser) == (4.5, False)
    assert settings.document_budget == CrawlSettings().document_budget


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("page_budget = 7\npage_budget 8\n", r"line 2: this is no TOML \("),
        ("# slow\n\npage_buget = 7\n", r"line 3: there is no setting page_buget \(did you mean page_budget"),
        (
            "delay_seconds = 2\npage_budget = 0\n",
            r"line 2: the setting page_budget cannot be used \(.*greater than or equal to 1",
        ),
        ('hours = "at night"\n', r'line 1: the setting hours cannot be used \("at night" is no span of hours'),
        ('archives = ["a.warc"]\n', r"line 1: archives cannot stand in a file.*--from"),
        ("[crawl]\npage_budget = 7\n", r"line 1: there is no setting crawl"),
        (b"\xff\xfe", r"is not UTF-8 text"),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence_with_its_line(written, text, told):
    with pytest.raises(UserError, match=told):
        settings_for(Asked(settings=written(text)), NOBODY)


def test_a_mistake_in_what_is_typed_is_not_blamed_on_the_file(written):
    with pytest.raises(UserError, match=r"^The setting hours cannot be used: .*no span of hours"):
        settings_for(Asked(settings=written("page_budget = 7\n"), hours="25:00-06:00"), NOBODY)


def test_every_setting_is_described_in_its_docstring_and_in_the_docs():
    assert set(described()) == set(CrawlSettings.model_fields)
    assert all(described().values())
    page = (Path(__file__).resolve().parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    assert settings_as_markdown() in page
