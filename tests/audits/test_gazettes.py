"""What a gazette may publish on pages that nobody read is not failed."""

import pytest

from audits.catalog import Catalog, load
from audits.documents.encodings import MAX_TEXT
from audits.judge import judge
from audits.model import Verdict
from crawler.capture import DocumentFacts
from tests.audits.portal import capture_of


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def verdict(catalog: Catalog, text: str, thing: str) -> tuple[Verdict, str]:
    home = '<h1>Villa Ejemplo</h1><a href="b/boletin-oficial-5.pdf">Boletín oficial 5</a>'
    capture = capture_of({"": home, "b/boletin-oficial-5.pdf": DocumentFacts("pdf", text=text, pages=9, scanned=False)})
    finding = next(f for f in judge(capture, catalog) if (f.criterion, f.aspect) == (thing, "published"))
    return finding.verdict, finding.reason


def test_a_gazette_that_was_read_in_part_leaves_open_what_it_may_publish(catalog: Catalog) -> None:
    line = "Boletín oficial. Disposición sobre el vivero de la villa.\n"
    assert verdict(catalog, line * (MAX_TEXT // len(line) + 1), "staff_and_pay") == (Verdict.CANT_TELL, "gazette_cut")
    assert verdict(catalog, line * (MAX_TEXT // len(line) + 1), "organization_chart")[0] is Verdict.FAILED


def test_a_gazette_that_was_read_whole_leaves_nothing_open(catalog: Catalog) -> None:
    assert verdict(catalog, "Boletín oficial. Disposición sobre el vivero de la villa.", "staff_and_pay")[0] is Verdict.FAILED
