"""Documents made for the tests: PDF, signed PDF, office packages, old binary files, archives."""

import asyncio
import io
import struct
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pikepdf
from asn1crypto import cms, keys, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from openpyxl import Workbook
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import dss
from pyhanko_certvalidator.registry import SimpleCertificateStore

WORDS = "El concejo municipal aprueba el presupuesto de ingresos y gastos para el ejercicio que comienza. " * 3
SIGNER, ISSUER = "Ana Ejemplo Quispe", "Autoridad de Prueba Raíz"


def pdf(*pages: str, info: Mapping[str, str] = {}, tagged: bool = False, language: str = "", **saved: object) -> bytes:
    """A PDF with one line of text a page; an empty line makes a page without text, as a scan has."""
    made, font = (
        pikepdf.new(),
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica),
    )
    for line in pages or (WORDS,):
        page = made.add_blank_page()
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=made.make_indirect(font)))
        shown = line.encode("latin-1").replace(b"(", b"").replace(b")", b"")
        page.obj.Contents = made.make_stream(b"BT /F1 12 Tf 20 700 Td (%s) Tj ET" % shown if line else b"q Q")
    for name, value in info.items():
        made.docinfo[f"/{name}"] = value
    if tagged:
        made.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        made.Root.StructTreeRoot = made.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
    if language:
        made.Root.Lang = pikepdf.String(language)
    out = io.BytesIO()
    made.save(out, **saved)
    return out.getvalue()


@cache
def signer(name: str = SIGNER) -> signers.SimpleSigner:
    """A signer with a certificate of ISSUER."""
    key, above = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    made = (
        certificates.CertificateBuilder()
        .subject_name(certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, ISSUER)]))
        .public_key(key.public_key())
        .serial_number(certificates.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .sign(above, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(made.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )


def signed(body: bytes, field: str = "Firma1", name: str = SIGNER, subfilter: fields.SigSeedSubFilter | None = None) -> bytes:
    """The PDF with one more signature."""
    metadata = signers.PdfSignatureMetadata(field_name=field, subfilter=subfilter)
    return signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(body)), metadata, signer=signer(name)).getvalue()


def appended(body: bytes, key: str = "/Changed") -> bytes:
    """The PDF with a revision appended that nobody signed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(body))
    writer.root[key] = generic.pdf_name("/Yes")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_empty_field(body: bytes) -> bytes:
    """The PDF with a signature field that waits for its signer."""
    writer = IncrementalPdfFileWriter(io.BytesIO(body))
    fields.append_signature_field(writer, fields.SigFieldSpec("Vacia"))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_proof(body: bytes) -> bytes:
    """The signed PDF with the signer's certificate appended for those who check it later."""
    out = io.BytesIO(body)
    dss.DocumentSecurityStore.add_dss(out, sig_contents=None, certs=[signer().signing_cert])
    return out.getvalue()


def with_metadata(body: bytes, title: str, created: str, *, universal: bool = False) -> bytes:
    """The PDF with a title and a date in its metadata stream only; `universal`: it is PDF/UA-1, as it says there."""
    with pikepdf.open(io.BytesIO(body)) as opened:
        with opened.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as data:
            data["dc:title"], data["xmp:CreateDate"] = title, created
            if universal:
                data["pdfuaid:part"] = "1"
        if universal:
            opened.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        out = io.BytesIO()
        opened.save(out)
    return out.getvalue()


def password(user: str) -> pikepdf.Encryption:
    """Encryption that asks readers for this password, "" for one that only forbids changes."""
    return pikepdf.Encryption(owner="propietario", user=user)


def message(content: bytes, *, detached: bool = False) -> bytes:
    """A CMS message (`.p7m`, or `.p7s` where detached) about the content."""
    made = asyncio.run(signer().async_sign_general_data(content, "sha256", detached=detached))
    assert isinstance(made, cms.ContentInfo)
    return bytes(made.dump())


def package(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def locked_zip(files: Mapping[str, str]) -> bytes:
    """A ZIP file whose members are marked as encrypted, in the headers before them and in its directory."""
    body = bytearray(package(files))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = body.find(mark)
        while at >= 0:
            body[at + flags] |= 1
            at = body.find(mark, at + 1)
    return bytes(body)


def docx(*paragraphs: str) -> bytes:
    """A word-processor document with properties."""
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in paragraphs)
    core = (
        '<cp:coreProperties xmlns:cp="c" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        "<dc:title>Acta</dc:title><dc:language>pt-BR</dc:language><dcterms:created>2026-03-15T10:00:00Z</dcterms:created>"
        "<dcterms:modified>2026-03-16T10:00:00Z</dcterms:modified></cp:coreProperties>"
    )
    document = (
        f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    )
    return package({"[Content_Types].xml": "<Types/>", "word/document.xml": document, "docProps/core.xml": core})


def odf(kind: str, content: str) -> bytes:
    """An OpenDocument file: `kind` is text or spreadsheet, `content` what stands in its body."""
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table"))
    document = f"<office:document-content{spaces}><office:body>{content}</office:body></office:document-content>"
    return package({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": document})


def xlsx(*sheets: list[list[object]]) -> bytes:
    """A workbook."""
    book = Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.worksheets[0] if number == 0 else book.create_sheet()
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


BUDGET: list[list[object]] = [["Partida", "Monto", "Fecha"], ["Obras", 1500, date(2026, 3, 31)], ["Salud", 2.5, None]]


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of the old office programs with these streams."""
    sector, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    table: list[int] = []
    data = b""

    def add(blob: bytes) -> int:
        nonlocal data
        start, count = len(table), -(-len(blob) // sector)
        table.extend([*range(start + 1, start + count), end])
        data += blob.ljust(count * sector, b"\0")
        return start

    def entry(name: str, kind: int, start: int, size: int, child: int = free, right: int = free) -> bytes:
        spelled = name.encode("utf-16-le")
        head = spelled.ljust(64, b"\0") + struct.pack("<HBBIII", len(spelled) + 2, kind, 1, free, right, child)
        return head + bytes(36) + struct.pack("<IQ", start, size)

    padded = {name: blob.ljust(4096, b"\0") for name, blob in streams.items()}
    placed = [(name, add(blob), len(blob)) for name, blob in padded.items()]
    folder = entry("Root Entry", 5, end, 0, child=1)
    for number, (name, start, size) in enumerate(placed, start=1):
        folder += entry(name, 2, start, size, right=number + 1 if number < len(placed) else free)
    first = add(folder)
    blocks = -(-(len(table) + 3) * 4 // sector) + 1
    at = len(table)
    table.extend([0xFFFFFFFD] * blocks)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, blocks, first, 0, 4096, end, 0, end, 0)
    head += struct.pack(f"<{blocks}I", *range(at, at + blocks)).ljust(436, b"\xff")
    return head + data + struct.pack(f"<{len(table)}I", *table).ljust(blocks * sector, b"\xff")


def xls(rows: list[list[str | float]]) -> bytes:
    """An Excel 97 workbook of one sheet."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    cells = b""
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str):
                cells += record(0x204, struct.pack("<HHHHB", r, c, 0, len(value), 1) + value.encode("utf-16-le"))
            else:
                cells += record(0x203, struct.pack("<HHHd", r, c, 0, value))
    start = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    offset = len(start) + 16 + 4
    globals_ = start + record(0x85, struct.pack("<IBBBB", offset, 0, 0, 4, 0) + b"Hoja") + record(0x0A, b"")
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells + record(0x0A, b"")
    return ole({"Workbook": globals_ + sheet})


def doc(text: str, flags: int = 0) -> bytes:
    """A Word 97 document whose text is one piece."""
    main = bytearray(512)
    struct.pack_into("<H", main, 0x0A, flags)
    piece = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, 512, 0)
    clx = b"\x02" + struct.pack("<I", len(piece)) + piece
    struct.pack_into("<II", main, 0x01A2, 0, len(clx))
    return ole({"WordDocument": bytes(main) + text.encode("utf-16-le"), "0Table": clx})
