"""What is read of documents that are whole."""

from datetime import date

import pytest

from audits.documents import is_page, kind_of, read_document
from audits.reachable import QUALITIES, qualities
from tests.audits import made

SITE = "https://muni.example/"


def read(body, name="archivo", media_type=""):
    return read_document(body, SITE + name, media_type)


@pytest.mark.parametrize(
    ("name", "media_type", "body", "kind"),
    [
        ("a.pdf", "", b"", "pdf"),
        ("descarga.php?id=3", "application/pdf", b"", "pdf"),
        ("a.doc", "", b"%PDF-1.4", "pdf"),
        ("a", "", b"\xef\xbb\xbf%PDF-1.4", "pdf"),
        ("a", "application/octet-stream", made.docx("x"), "word"),
        ("a.zip", "application/zip", made.xlsx(made.BUDGET), "sheet"),
        ("a.xls", "", made.xlsx(made.BUDGET), "sheet"),
        ("a", "", made.odf("spreadsheet", ""), "sheet"),
        ("a.pdf", "application/pdf", made.package({"a.csv": "1,2"}), "archive"),
        ("a", "", made.doc("x"), "word"),
        ("a", "", made.xls([["x"]]), "sheet"),
        ("thumbs.db", "image/x", made.ole({"Catalog": b"x"}), "other"),
        ("a.csv", "", b"\x89PNG\r\n\x1a\n", "image"),
        ("a.rar", "", b"Rar!\x1a\x07\x00", "archive"),
        ("mapa.kml", "application/xml", b"<kml/>", "xml"),
        ("capas.geojson", "", b"{}", "json"),
        ("a.css", "text/css", b"", "other"),
    ],
)
def test_a_kind_is_told_by_bytes_then_type_then_name(name, media_type, body, kind):
    assert kind_of(SITE + name, media_type, body) == kind


def test_an_error_page_under_the_name_of_a_document_is_a_page():
    page = b"\n<!-- x --><!DOCTYPE html><html><title>404</title>"
    assert is_page(page, SITE + "a.pdf", "application/pdf")
    assert read(page, "a.pdf", "application/pdf").broken
    assert not is_page(made.pdf(), SITE + "a.pdf")
    assert not is_page(b'<html xmlns:w="urn:schemas-microsoft-com:office:word"><p>x', SITE + "a.doc")


def test_a_table_exported_as_html_opens_as_a_sheet():
    table = b"<html><table>" + b"<tr><td>Obras<td>15" * 4 + b"</table>"
    facts = read(table, "gastos.xls", "application/vnd.ms-excel")
    assert not is_page(table, SITE + "gastos.xls", "application/vnd.ms-excel")
    assert (facts.kind, facts.rows, facts.machine_readable, facts.broken) == ("sheet", 4, True, False)


def test_a_tagged_pdf_tells_its_text_title_language_and_dates():
    info = {"Title": "Presupuesto 2025", "CreationDate": "D:20250301000000Z", "ModDate": "D:20250402000000Z"}
    facts = read(made.pdf(made.WORDS, "dos", info=info, tagged=True, language="es-PE"), "a.pdf")
    assert (facts.kind, facts.pages, facts.scanned, facts.tagged, facts.language) == ("pdf", 2, False, True, "es")
    assert (facts.title, facts.created, facts.modified) == ("Presupuesto 2025", date(2025, 3, 1), date(2025, 4, 2))
    assert facts.period == (date(2025, 1, 1), date(2025, 12, 31))
    assert facts.text.startswith("El concejo municipal")
    assert (facts.machine_readable, facts.encrypted, facts.broken, facts.signatures) == (False, False, False, ())


def test_a_pdf_without_words_is_a_scan_and_its_language_is_detected_otherwise():
    assert read(made.pdf(""), "a.pdf").scanned is True
    facts = read(made.pdf(*[made.WORDS] * 3), "a.pdf")
    assert (facts.scanned, facts.tagged, facts.language) == (False, False, "es")


def test_metadata_that_stands_only_in_the_newer_stream_is_read():
    facts = read(made.with_metadata(made.pdf(), "Memoria anual", "2024-05-06"), "a.pdf")
    assert (facts.title, facts.created) == ("Memoria anual", date(2024, 5, 6))


def test_a_pdf_tells_what_it_offers_to_those_who_do_not_see_it():
    tagged = made.pdf(made.WORDS, tagged=True, language="es-PE")
    best = read(made.with_metadata(tagged, "Memoria anual", "2024-05-06", universal=True), "a.pdf")
    assert (best.declared, best.shows_title, best.pdf_ua) == ("es", True, 1)
    assert qualities(best) == set(QUALITIES)
    plain = read(made.pdf(*[made.WORDS] * 3, info={"Title": "Memoria anual"}), "a.pdf")
    assert (plain.declared, plain.language, plain.shows_title, plain.pdf_ua) == ("", "es", False, 0)
    assert qualities(plain) == {"text", "title"}
    assert qualities(read(made.pdf("", info={"Title": "C:\\obras\\Escaner 001.PDF"}), "a.pdf")) == set()
    claims = read(made.pdf(made.WORDS).replace(b"%%EOF", b"pdfuaid:part 1 %%EOF"), "a.pdf")
    assert claims.pdf_ua == 0, "only its metadata can say so"


def test_only_a_password_that_readers_must_know_makes_a_document_encrypted():
    locked = read(made.pdf(encryption=made.password("secreto")), "a.pdf")
    assert (locked.encrypted, locked.broken) == (True, True)
    opened = read(made.pdf(encryption=made.password("")), "a.pdf")
    assert (opened.encrypted, opened.broken, opened.scanned) == (False, False, False)


def test_word_documents_of_every_age_are_read():
    new = read(made.docx("Acta de sesión", "Segundo párrafo"), "a.docx")
    assert new.text == "Acta de sesión\nSegundo párrafo"
    assert (new.title, new.language, new.created, new.modified) == ("Acta", "pt", date(2026, 3, 15), date(2026, 3, 16))
    assert (new.scanned, new.tagged, new.machine_readable) == (None, None, False)
    assert read(made.odf("text", "<text:h>Título</text:h><text:p>uno</text:p>"), "a.odt").text == "Título\nuno"
    assert read(made.doc("Acta de sesión\rñandú"), "a.doc").text == "Acta de sesión\nñandú"
    rtf = rb"{\rtf1{\fonttbl{\f0 Arial;}}Sesi\'f3n\par \u241?and\'fa}"
    assert read(rtf, "a.rtf").text == "Sesión\nñandú"


def test_slides_are_read():
    slide = '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:t>Rendición</a:t></a:p></p:sld>'
    facts = read(made.package({"ppt/slides/slide1.xml": slide, "ppt/slides/slide2.xml": slide}), "a.pptx")
    assert (facts.kind, facts.pages, facts.text) == ("slides", 2, "Rendición\nRendición")


def test_sheets_of_every_age_give_rows_that_programs_can_read():
    new = read(made.xlsx(made.BUDGET, made.BUDGET), "a.xlsx")
    assert new.text.split("\n")[:3] == ["Partida | Monto | Fecha", "Obras | 1500 | 2026-03-31 00:00:00", "Salud | 2.5"]
    assert (new.rows, new.machine_readable) == (6, True)
    old = read(made.xls([["Partida", "Monto"], ["Obras", 1500.0]]), "a.xls")
    assert (old.text, old.rows, old.machine_readable) == ("Partida | Monto\nObras | 1500", 2, True)
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    row = f"<table:table-row>{cell.format('a')}{cell.format('1')}</table:table-row>"
    free = read(made.odf("spreadsheet", f"<table:table>{row * 2}</table:table>"), "a.ods")
    assert (free.text, free.rows, free.machine_readable) == ("a | 1\na | 1", 2, True)


def test_a_binary_workbook_is_data_though_it_is_not_read_here():
    facts = read(made.package({"xl/workbook.bin": "x"}), "a.xlsb")
    assert (facts.kind, facts.rows, facts.machine_readable, facts.broken) == ("sheet", 0, True, False)


def test_a_sheet_that_only_holds_a_picture_is_no_data():
    facts = read(made.xlsx([]), "a.xlsx")
    assert (facts.rows, facts.machine_readable, facts.broken) == (0, False, False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimited_text_is_read_in_any_encoding_and_with_any_delimiter(encoding, mark):
    lines = [mark.join(cells) for cells in (("Año", "Señal", "Monto"), ("2026", "Óptima", "3,5"), ("2025", "x", "4"))]
    text = "\r\n".join(line.replace("3,5", '"3,5"') for line in lines)
    facts = read(text.encode(encoding), "a.csv")
    assert (facts.rows, facts.machine_readable) == (3, True)
    assert facts.text.startswith("Año")


def test_prose_under_the_name_of_a_table_is_no_data():
    assert not read(b"Este archivo\nno tiene datos, dice\nalguien", "a.csv").machine_readable


def test_json_and_xml_are_data_when_they_hold_records():
    assert read(b'[{"a": 1}, {"a": 2}]', "a.json").rows == 2
    assert read(b'{"a": 1}\n{"a": 2}\n', "a.json").machine_readable
    layer = read(b'{"type": "FeatureCollection", "features": [{}, {}, {}]}', "a.geojson")
    assert (layer.rows, layer.machine_readable) == (3, True)
    kml = read(
        b"<kml><Document><Placemark><name>a</name></Placemark><Placemark><name>b</name></Placemark></Document></kml>", "a.kml"
    )
    assert (kml.rows, kml.machine_readable) == (2, True)
    assert not read(b"<nota>hola</nota>", "a.xml").machine_readable
    assert read(b'{"a": ', "a.json").broken
    assert read(b"no es xml", "a.xml").broken


def test_an_archive_is_as_readable_as_what_it_holds():
    data = read(made.package({"datos/": "", "datos/gastos.csv": "a,b", "leame.txt": "x"}), "a.zip")
    assert (data.kind, data.members, data.machine_readable) == ("archive", ("datos/gastos.csv", "leame.txt"), True)
    assert not read(made.package({"acta.pdf": "x"}), "a.zip").machine_readable
    assert read(b"Rar!\x1a\x07\x00" + bytes(50), "a.rar").members == ()
    assert read(b"\x1f\x8b\x08\x08\0\0\0\0\0\0gastos.csv\0", "a.gz").machine_readable


def test_office_files_under_a_password_are_encrypted():
    for facts in (
        read(made.ole({"EncryptedPackage": b"x" * 5000}), "a.docx"),
        read(made.doc("secreto", flags=0x100), "a.doc"),
        read(made.locked_zip({"word/document.xml": "<x/>"}), "a.docx"),
        read(made.locked_zip({"a.csv": "1,2"}), "a.zip"),
    ):
        assert (facts.encrypted, facts.broken, facts.machine_readable) == (True, True, False)
