"""Where the links of a page lead."""

import pytest

from audits.targets import join

HOME = "http://www.villa-ejemplo.example/transparencia/"


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("https://docs.google.com/gview?url=https://otra.example/mof.pdf&embedded=true", "https://otra.example/mof.pdf"),
        ("/lib/pdfjs/web/viewer.html?file=../../../pdf/mof.pdf", "http://www.villa-ejemplo.example/pdf/mof.pdf"),
        (
            "https://view.officeapps.live.com/op/embed.aspx?src=http%3A%2F%2Fotra.example%2Fplan.docx",
            "http://otra.example/plan.docx",
        ),
    ],
)
def test_a_viewer_leads_to_the_document_that_it_shows(target: str, url: str) -> None:
    assert join(HOME, target) == url


@pytest.mark.parametrize("target", ["/viewer?id=7", "/descargar.php?file=mof.pdf", "/viewer.html?file=galeria"])
def test_what_only_looks_like_a_viewer_leads_to_itself(target: str) -> None:
    assert join(HOME, target) == "http://www.villa-ejemplo.example" + target
