"""Certificates of every kind for servers on loopback, made on the spot."""

import ssl
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAMES = ("127.0.0.1", "localhost")
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def authority(folder: Path) -> tuple[trustme.CA, str]:
    """A certificate authority, and the file that makes a process trust it (SSL_CERT_FILE)."""
    ca = trustme.CA()
    path = folder / "authority.pem"
    ca.cert_pem.write_to_path(path)
    return ca, str(path)


def server(ca: trustme.CA, *names: str, **more: Any) -> ssl.SSLContext:
    """A server's context with a certificate for `names` (the loopback's by default); `not_after`, `not_before` as in trustme."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*(names or NAMES), **more).configure_cert(context)
    return context


def early(ca: trustme.CA) -> ssl.SSLContext:
    """A certificate that will count from tomorrow on."""
    return server(ca, not_before=NOW + DAY, not_after=NOW + 2 * DAY)


def late(ca: trustme.CA) -> ssl.SSLContext:
    """A certificate that counted until yesterday."""
    return server(ca, not_before=NOW - 2 * DAY, not_after=NOW - DAY)


def self_signed(ca: trustme.CA) -> ssl.SSLContext:
    """A certificate that nobody vouches for but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), NOW - DAY, NOW + DAY)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(certificate + secret)
        file.flush()
        context.load_cert_chain(file.name)
    return context


def elsewhere(ca: trustme.CA) -> ssl.SSLContext:
    """A good certificate of another host."""
    return server(ca, "www.another.example")


def foreign(ca: trustme.CA) -> ssl.SSLContext:
    """A certificate of an authority that nobody knows."""
    return server(trustme.CA())


def ancient(ca: trustme.CA) -> ssl.SSLContext:
    """A server of the year 2000: TLS 1.0 and nothing newer."""
    context = server(ca)
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


KINDS: dict[str, Callable[[trustme.CA], ssl.SSLContext]] = {
    "valid": server,
    "expired": late,
    "not_yet_valid": early,
    "self_signed": self_signed,
    "wrong_host": elsewhere,
    "untrusted": foreign,
    "broken": ancient,
}
"""What `examine` must say of a server with such a context."""
