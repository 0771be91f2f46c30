"""Addresses of portals: parted, checked, compared. Pure; what is no portal stands in `rules/registry_columns.toml`."""

import ipaddress
import re
from urllib.parse import urlsplit

from results.registry_columns import Unusable, registry_columns


def split_urls(cell: str) -> list[str]:
    """The addresses in one cell; a comma or semicolon only parts them before "http", because addresses hold both."""
    return [part for part in re.split(r"[\s|]+|[;,]+(?=\s*https?://)|[;,]+\s+", cell) if part]


def clean_url(text: str) -> str:
    """An absolute http(s) address, https assumed where no scheme is written. Raises Unusable where it is no portal's address."""
    full = text if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:(?!\d)", text) else f"https://{text}"
    try:
        parts = urlsplit(full)
        host, user = parts.hostname or "", parts.username
        _ = parts.port
    except ValueError as error:
        raise Unusable("bad_url", text) from error
    if parts.scheme not in ("http", "https") or user is not None or not _is_host(host):
        raise Unusable("bad_url", text)
    none = registry_columns()["not_a_portal"]
    social = any(host == name or host.endswith(f".{name}") for name in none["hosts"])
    if social or parts.path.lower().endswith(tuple(none["endings"])):
        raise Unusable("not_a_portal", text)
    return full


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
        return True
    except ValueError:
        pass
    try:
        plain = host.encode("idna").decode()
    except UnicodeError:
        return False
    labels = plain.rstrip(".").split(".")
    sound = all(re.fullmatch(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", label) for label in labels)
    return sound and (len(labels) > 1 or plain == "localhost")


def own_host(url: str) -> str:
    """The host of an address, without "www."."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def portal_key(url: str) -> str:
    """What makes two addresses the same portal: host and path, but not scheme, "www." or a slash at the end."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    port = f":{parts.port}" if parts.port else ""
    return f"{own_host(url)}{port}{parts.path.rstrip('/')}{query}{fragment}"
