"""Documents that are cut, broken or made to hurt: whatever the bytes are, there are facts, soon and in little memory."""

import functools
import io
import random
import time
import tracemalloc
import zipfile
import zlib

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.documents import read_document
from crawler.capture import DocumentFacts
from tests.audits import made

MEGABYTE = 1_000_000
NAMES = (
    "a.pdf",
    "a.docx",
    "a.doc",
    "a.xlsx",
    "a.xls",
    "a.ods",
    "a.csv",
    "a.json",
    "a.xml",
    "a.zip",
    "a.rtf",
    "a.pptx",
    "a.p7m",
    "a",
)
STARTS = (b"", b"%PDF-1.7\n", b"PK\x03\x04", made.ole({"Book": b""})[:512], b"{\\rtf", b"0\x82")
SECONDS = 6.0
"""CPU time; measured at 0.1 to 2 s, and machines that test are slow."""


@functools.cache
def whole():
    """A valid file of each kind by name."""
    return {
        "a.pdf": made.signed(made.pdf(made.WORDS, "dos", tagged=True, language="es")),
        "a.docx": made.docx(*[made.WORDS] * 20),
        "a.xlsx": made.xlsx(made.BUDGET),
        "a.ods": made.odf("spreadsheet", "<table:table><table:table-row/></table:table>"),
        "a.doc": made.doc(made.WORDS),
        "a.xls": made.xls([["a", 1.0], ["b", 2.0]]),
        "a.p7m": made.message(b"a,b\n1,2\n"),
        "a.zip": made.package({"a.csv": "1,2", "b.csv": "3,4"}),
    }


def read(body, name):
    started = time.process_time()
    facts = read_document(body, "https://muni.example/" + name, "")
    assert isinstance(facts, DocumentFacts)
    assert time.process_time() - started < SECONDS
    assert len(facts.text) <= 20_000
    return facts


@given(
    st.binary(max_size=400),
    st.sampled_from(NAMES),
    st.sampled_from(STARTS),
)
def test_no_bytes_make_the_reading_fail(body, name, start):
    read(start + body, name)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(whole())), st.floats(0, 1))
def test_no_cut_makes_the_reading_fail(name, share):
    body = whole()[name]
    read(body[: int(len(body) * share)], name)


@pytest.mark.parametrize("name", sorted(whole()))
def test_no_damage_makes_the_reading_fail(name):
    chance = random.Random(7)
    for _ in range(40):
        body = bytearray(whole()[name])
        for _ in range(chance.randint(1, 40)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        read(bytes(body), name)


def test_the_first_part_of_a_pdf_gives_its_first_pages():
    body = made.pdf(*[made.WORDS] * 30)
    facts = read(body[: len(body) // 2], "a.pdf")
    assert (facts.broken, facts.scanned, facts.tagged) == (False, False, None)
    assert facts.text.startswith("El concejo municipal")
    scan = made.pdf(*[""] * 30)
    assert read(scan[: len(scan) // 2], "a.pdf").scanned is None


def test_the_first_part_of_a_package_gives_its_first_rows():
    body = made.docx(*[f"{number} {made.WORDS}" for number in range(3000)])
    facts = read(body[: len(body) // 2], "a.docx")
    assert (facts.kind, facts.broken) == ("word", False)
    assert facts.text.startswith("0 El concejo")
    listed = made.package({f"{n}.csv": random.Random(n).randbytes(3000) for n in range(20)})
    assert read(listed[: len(listed) // 2], "a.zip").members[:2] == ("0.csv", "1.csv")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("one line of 50 MB.csv", b"a," * 25 * MEGABYTE),
        ("a quote that never ends.csv", b'"' + b"a\n" * 10 * MEGABYTE),
        ("nothing but NUL.csv", bytes(20 * MEGABYTE)),
        ("nothing but NUL.pdf", b"%PDF-1.4" + bytes(20 * MEGABYTE)),
        ("nothing but NUL.doc", bytes(20 * MEGABYTE)),
        ("deep.json", b"[" * 10 * MEGABYTE),
        ("deep objects.json", b'{"a":' * 3 * MEGABYTE),
        ("deep.xml", b"<a>" * 6 * MEGABYTE),
        ("a million attributes.xml", b"<a " + b" ".join(b'a%d="1"' % n for n in range(MEGABYTE)) + b"/>"),
        ("deep.rtf", b"{\\rtf1 " + b"{" * 20 * MEGABYTE),
        ("comments.html", b"<!--" * 5 * MEGABYTE),
        ("deep lists.pdf", b"%PDF-1.4\n1 0 obj\n" + b"[" * 2 * MEGABYTE),
        ("half a million objects.pdf", b"%PDF-1.4\n" + b"".join(b"%d 0 obj<<>>endobj\n" % n for n in range(1, 500_000))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_very_long_and_very_deep_files_are_given_up_soon(name, body):
    read(body, name)


def test_entities_are_neither_multiplied_nor_fetched():
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"x" * 10) for n in range(12))
    laughs = b"<!DOCTYPE l [" + entities + b'<!ENTITY f SYSTEM "file:///etc/passwd">]><l><r>&e11;</r><r>&f;</r></l>'
    assert "root:" not in read(laughs, "a.xml").text
    inside = laughs.replace(b"<l>", b'<w:p xmlns:w="w">').replace(b"</l>", b"</w:p>")
    assert read(made.package({"word/document.xml": inside}), "a.docx").text == ""


def bomb(member, start, piece, times=2000):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package, package.open(member, "w", force_zip64=True) as stream:
        stream.write(start)
        for _ in range(times):
            stream.write(piece * (100_000 // len(piece)))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.docx", bomb("word/document.xml", b'<w:document xmlns:w="w">', b"<w:p><w:t>a</w:t></w:p>")),
        ("a.docx", bomb("word/document.xml", b'<w:document xmlns:w="w"><w:p>', b"<w:t>a</w:t>")),
        ("a.xlsx", bomb("xl/worksheets/sheet1.xml", b"<worksheet><sheetData>", b'<row r="9"><c r="XFD9"><v>1</v></c></row>')),
        ("a.xlsx", bomb("xl/sharedStrings.xml", b"<sst>", b"<si><t>a</t></si>")),
        ("a.zip", bomb("b.csv", b"", b"0")),
        ("a.zip", made.package({"b.zip": bomb("c.zip", b"", b"0")})),
    ],
)  # fmt: skip
def test_what_unpacks_into_hundreds_of_megabytes_is_not_unpacked(name, body):
    tracemalloc.start()
    read(body, name)
    assert tracemalloc.get_traced_memory()[1] < 60 * MEGABYTE
    tracemalloc.stop()


def test_a_sheet_that_claims_to_be_immense_gives_its_cells():
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row><row r="1048576"><c><v>3</v></c><c><v>4</v></c></row>'
    sheet = f'<worksheet><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>'
    assert read(made.package({"xl/worksheets/sheet1.xml": sheet}), "a.xlsx").text == "1 | 2\n3 | 4"
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>1</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    assert read(made.odf("spreadsheet", f"<table:table>{row}</table:table>"), "a.ods").rows == 1


def test_a_hundred_thousand_members_are_not_all_listed():
    entry = b"PK\x03\x04" + bytes(22) + b"\x01\x00\x00\x00"
    body = b"".join(entry + bytes([97 + n % 26]) for n in range(100_000))
    assert 0 < len(read(body, "a.zip").members) <= 2000


def drawn(contents, forms=0):
    document = pikepdf.new()
    page = document.add_blank_page()
    form = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Form, "BBox": [0, 0, 9, 9]}
    last = document.make_stream(b"BT (x) Tj ET", **form)
    for _ in range(forms):
        below = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=last))
        last = document.make_stream(b"/F Do " * 10, Resources=below, **form)
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=last))
    page.obj.Contents = pikepdf.Stream(document, zlib.compress(contents))
    page.obj.Contents.Filter = pikepdf.Name.FlateDecode
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_pdf_that_draws_without_end_is_not_drawn():
    assert read(drawn(b"q Q " * 10 * MEGABYTE), "a.pdf").text == ""
    assert read(drawn(b"/F Do", forms=9), "a.pdf").text == ""


def test_a_pdf_of_ten_thousand_pages_is_read_at_its_start():
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    kids = b" ".join(b"%d 0 R" % n for n in range(3, 10_003))
    objects = b"".join(b"%d 0 obj%sendobj\n" % (n, page) for n in range(3, 10_003))
    tree = b"1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(while(1){})>>>>endobj\n"
    tree += b"2 0 obj<</Type/Pages/Count 10000/Kids[" + kids + b"]>>endobj\n"
    facts = read(b"%PDF-1.4\n" + tree + objects + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF", "a.pdf")
    assert (facts.pages, facts.broken) == (10_000, False)
