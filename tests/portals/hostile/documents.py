"""Files that are not what they say, or more than anyone can hold. A visit reads around them."""

import io
import zipfile
from functools import cache

from crawler.capture import Reason
from tests.portals import behaviours as be
from tests.portals.server import Portal

from .bodies import MEGABYTE, PIECE
from .case import Case, Trap, home, links

PDF, ZIP = "application/pdf", "application/zip"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'jajajajaja'>" + "".join(
    f"<!ENTITY {n} '{f'&{b};' * 10}'>" for b, n in zip("abcdefgh", "bcdefghi", strict=True)
)


def archive(**members: bytes) -> bytes:
    """A ZIP of these members; "__" in a name is "/"."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return file.getvalue()


@cache
def zip_bomb(member: str, megabytes: int = 150) -> bytes:
    """A ZIP whose one member unpacks to so much."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made, made.open(member, "w") as stream:
        stream.write(b'<?xml version="1.0"?><worksheet><sheetData>')
        for _ in range(megabytes):
            stream.write(b"<row><c><v>1</v></c></row>" * (MEGABYTE // 26))
    return file.getvalue()


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, without a table of where they are: readers must look for them."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, content) for number, content in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer\n<< /Root 1 0 R /Size 9 >>\nstartxref\n0\n%%EOF\n"


PAGES_IN_CIRCLES = pdf(
    b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000000 /Parent 2 0 R >>"
)
DEEP = pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"[" * 100_000 + b"]" * 100_000)
SHEET_OF_LAUGHS = archive(
    **{
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl__workbook.xml": (LAUGHS + "]><workbook>&i;</workbook>").encode(),
    }
)


def library(portal: Portal, trap: Trap) -> None:
    """A page of broken files beside a good one."""
    files = {
        "cut.pdf": (PDF, b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pa"),
        "noise.pdf": (PDF, b"%PDF-1.4\n" + bytes(range(256)) * 400),
        "page.pdf": (PDF, home(title="A page called PDF")),
        "cut.xlsx": (SHEET, archive(**{"xl__workbook.xml": b"<workbook>"})[:60]),
        "noise.ods": ("application/vnd.oasis.opendocument.spreadsheet", b"PK\x03\x04" + b"\xff" * 5000),
        "good.csv": ("text/csv", b"rubro;monto\nobras;100\nsalud;200\n"),
    }
    portal.add("/", be.answer(home(links(*(f"/{name}" for name in files)))))
    for name, (kind, body) in files.items():
        portal.add(f"/{name}", be.answer(body, media_type=kind))


def bombs(portal: Portal, trap: Trap) -> None:
    """Files that would fill the memory of who opens them."""
    files = {
        "sheet.xlsx": (SHEET, zip_bomb("xl/worksheets/sheet1.xml")),
        "text.docx": (WORD, zip_bomb("word/document.xml")),
        "laughs.xlsx": (SHEET, SHEET_OF_LAUGHS),
        "names.zip": (
            ZIP,
            archive(**{"..__..__etc__passwd": b"x", "__abs": b"y", "con\udcffname".encode(errors="replace").decode(): b"z"}),
        ),
        "circles.pdf": (PDF, PAGES_IN_CIRCLES),
        "deep.pdf": (PDF, DEEP),
    }
    portal.add("/", be.answer(home(links(*(f"/{name}" for name in files)))))
    for name, (kind, body) in files.items():
        portal.add(f"/{name}", be.answer(body, media_type=kind))


def large_files(portal: Portal, trap: Trap) -> None:
    """Files without an end, beside pages enough."""
    portal.add("/", be.answer(home(links("/endless.pdf", "/announced.zip", *(f"/p{i}" for i in range(8))))))
    portal.add("/endless.pdf", be.streamed(lambda: iter(lambda: PIECE, b""), media_type=PDF))
    portal.add("/announced.zip", be.streamed(lambda: iter(lambda: PIECE, b""), media_type=ZIP, length=2**40))
    for number in range(8):
        portal.add(f"/p{number}", be.answer(home(title=f"p{number}")))


def wrong_types(portal: Portal, trap: Trap) -> None:
    """A PDF that says it is a page, pages that say they are files, and a picture that is a script."""
    portal.add("/", be.answer(home(links("/informe", "/datos.csv", "/foto.jpg", "/nada"))))
    portal.add("/informe", be.answer(pdf(b"<< /Type /Catalog >>"), media_type="text/html"))
    portal.add("/datos.csv", be.answer(home(title="Datos"), media_type="text/csv"))
    portal.add("/foto.jpg", be.answer("<script>1</script>", media_type="image/jpeg"))
    portal.add("/nada", be.answer(home(title="Nada"), media_type="application/octet-stream"))


CASES = (
    Case("broken_files", library, broken=("/cut.pdf", "/noise.pdf", "/cut.xlsx", "/noise.ods"), problems={"/good.csv": None}),
    Case("file_bombs", bombs, broken=("/circles.pdf", "/deep.pdf"), problems={"/names.zip": None}),
    Case(
        "large_files", large_files, problems={"/endless.pdf": Reason.TOO_LARGE, "/announced.zip": Reason.TOO_LARGE, "/p1": None}
    ),
    Case("wrong_types", wrong_types, problems={"/nada": None, "/datos.csv": None, "/informe": None}),
)
