"""Certificates as portals show them: valid ones, and those that browsers warn of."""

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = "127.0.0.1"


class Authority:
    """Issues the certificates of the town. Who is to trust it needs the file `path`."""

    def __init__(self, folder: Path) -> None:
        self._ca, self._stranger = trustme.CA(), trustme.CA()
        self.path = folder / "authority.pem"
        self._ca.cert_pem.write_to_path(str(self.path))

    def context(self, kind: str) -> ssl.SSLContext:
        """What a server with a certificate of this kind presents; the kinds are those of HostVisit.certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if kind == "self_signed":
            with tempfile.NamedTemporaryFile(suffix=".pem") as file:
                file.write(self._self_signed)
                file.flush()
                context.load_cert_chain(file.name)
            return context
        now = datetime.now(UTC)
        issued = {
            "valid": lambda: self._ca.issue_cert(HERE),
            "wrong_host": lambda: self._ca.issue_cert("another.example"),
            "untrusted": lambda: self._stranger.issue_cert(HERE),
            "expired": lambda: self._ca.issue_cert(HERE, not_before=now - timedelta(90), not_after=now - timedelta(1)),
            "not_yet_valid": lambda: self._ca.issue_cert(HERE, not_before=now + timedelta(30), not_after=now + timedelta(90)),
        }
        issued[kind]().configure_cert(context)
        return context

    @cached_property
    def _self_signed(self) -> bytes:
        """Key and certificate, PEM."""
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HERE)])
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        made = (
            made.serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(1))
            .not_valid_after(now + timedelta(9))
        )
        signed = made.sign(key, hashes.SHA256())
        pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        return key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + signed.public_bytes(pem)
