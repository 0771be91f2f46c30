"""What browsers would say of a host's TLS certificate. Our own requests take any, so that a bad one hides no page."""

import asyncio
import ssl
from functools import lru_cache

import certifi

VALID, BROKEN, UNTRUSTED = "valid", "broken", "untrusted"

NAMES = {
    9: "not_yet_valid",
    10: "expired",
    18: "self_signed",
    62: "wrong_host",
    64: "wrong_host",
}
"""X509_V_ERR_* of OpenSSL (x509_vfy.h), by what they mean to a person; all others are about the chain: untrusted."""


async def examine(host: str, port: int, address: str, seconds: float) -> str:
    """One verified TLS handshake with `address`, which the guard has judged: valid, or what is wrong with the certificate.

    Gives valid, expired, not_yet_valid, wrong_host, self_signed, untrusted, or broken where there is no handshake of today's TLS
    within `seconds`. Sends no request. Never raises for what a host does.
    """
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(address, port, ssl=trust(), server_hostname=host)
        writer.transport.abort()
    except ssl.SSLCertVerificationError as error:
        return NAMES.get(error.verify_code, UNTRUSTED)
    except (OSError, ValueError, TypeError, EOFError):
        return BROKEN
    return VALID


@lru_cache(maxsize=1)
def trust() -> ssl.SSLContext:
    """Whom we trust: the authorities of this machine and those of Mozilla (certifi), for machines that bring none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
