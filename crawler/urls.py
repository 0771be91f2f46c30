"""URLs as portals write them, made usable; whose host is whose; what a URL's shape says. Nothing here raises."""

import ipaddress
import re
from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

import tldextract
from w3lib.url import safe_url_string

LONGEST = 2000
MOST_ROUNDS = 4
"""What is taken out of a URL may leave something else to take out; what does not come to rest is no address."""

SCHEME = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]*):")
SLASHES = re.compile(r"^(https?):/*", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b\ufeff]")
HOST = re.compile(r"^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$")
SESSION_IN_PATH = re.compile(r";(jsessionid|phpsessid|sid)=[^/?;]*|/\(([SAFX]\([^()/]*\))+\)", re.IGNORECASE)
SESSION_KEYS = re.compile(
    r"^(jsessionid|phpsessid|aspsessionid\w*|sessionid|session_id|sid|cfid|cftoken|osCsid|zenid)$", re.IGNORECASE
)
TRACKING_KEYS = re.compile(r"^(utm_\w+|fbclid|gclid|mc_[ce]id|_ga|igshid|yclid|msclkid)$", re.IGNORECASE)
LOST_SCHEME = re.compile(
    r"^(www\.[^/?#]+\.[a-z]{2,}(?=[/?#:]|$)|https?[;,.]?//|https?://+https?[:/]|[^/?#:@]+@[^/?#@]+\.[a-z]{2,}$)", re.IGNORECASE
)
LOCAL_NAMES = frozenset({"localhost", "local", "localdomain", "internal", "lan", "home", "intranet", "invalid"})
INDEX_PAGE = re.compile(r"/(index|default)\.(html?|php|aspx?|jsp)$", re.IGNORECASE)
LABEL, SEGMENT = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", r"[A-Za-z0-9_~-][A-Za-z0-9_~.-]*"
PLAIN = re.compile(rf"https?://(?=[^/]{{1,253}}/)({LABEL}\.)+[a-z]{{2,63}}/({SEGMENT}/)*({SEGMENT})?\Z")
"""URLs that are already as they should be: most are, and looking closer costs."""
NUMBER = re.compile(r"\b[0-9a-f]{16,}\b|\d+", re.IGNORECASE)
"""Digits, and the long hexadecimal names that programs give to sessions and files."""
YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def _endings(words: str) -> frozenset[str]:
    return frozenset(words.split())


DOCUMENT_ENDINGS = _endings(
    "pdf doc docx docm dot odt rtf xls xlsx xlsm xlsb ods csv tsv ppt pptx pps ppsx odp json geojson xml kml rdf txt "
    "zip rar 7z gz"
)
IMAGE_ENDINGS = _endings("jpg jpeg jpe png gif webp svg bmp tif tiff avif jfif")
OTHER_ENDINGS = _endings(
    "css js mjs map ico woff woff2 ttf otf eot mp3 mp4 m4a m4v avi mov wmv webm ogg ogv wav flv swf exe msi apk "
    "dmg iso bin ics vcf"
)

_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def resolve(base: str, target: str) -> str:
    """The absolute URL that `target` on the page `base` means, normalised; "" where it leads nowhere we can go."""
    target = _slashed(CONTROL.sub("", target).strip())
    if not target or target.startswith("#"):
        return ""
    scheme = SCHEME.match(target)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return ""
    target = SLASHES.sub(r"\1://", target)
    try:
        return normalise(target if scheme else urljoin(base, target))
    except ValueError:
        return ""


@lru_cache(maxsize=16384)
def normalise(url: str) -> str:
    """One spelling for one http(s) URL: no fragment, session id, user name or default port; "" where it cannot be asked for."""
    for _ in range(MOST_ROUNDS):
        before = url
        url = url if PLAIN.match(url) else _normalised(url)
        if url == before:
            return url if len(url) <= LONGEST else ""
    return ""


def _normalised(url: str) -> str:
    parts = _split(SLASHES.sub(r"\1://", _slashed(CONTROL.sub("", url).strip())))
    if parts is None:
        return ""
    host = _host(parts)
    if not host:
        return ""
    try:
        port = parts.port
        path = SESSION_IN_PATH.sub("", parts.path) or "/"
        query = "&".join(_kept(parts.query))
        plain = urlunsplit((parts.scheme.lower(), host, _without_dots(path), query, ""))
        safe = urlsplit(safe_url_string(plain))
    except (ValueError, UnicodeError):
        return ""
    if port and port != (443 if safe.scheme == "https" else 80):
        safe = safe._replace(netloc=f"{safe.netloc}:{port}")
    return urlunsplit(safe)


@lru_cache(maxsize=16384)
def key(url: str) -> str:
    """What two spellings of one page have in common: no scheme, www, index page, last slash or tracking; encoded letters read."""
    parts = _split(normalise(url))
    if parts is None:
        return ""
    path = INDEX_PAGE.sub("/", unquote(parts.path)).rstrip("/")
    kept = sorted(unquote(pair) for pair in parts.query.split("&") if pair and not TRACKING_KEYS.match(pair.partition("=")[0]))
    return parts.netloc.removeprefix("www.") + path + ("?" + "&".join(kept) if kept else "")


def authority(url: str) -> str:
    """`host` or `host:port` of a URL, in lower case; "" if it has none."""
    parts = _split(url)
    return parts.netloc.rpartition("@")[2].lower() if parts else ""


def host_of(url: str) -> str:
    """The host alone, in lower case, without brackets; "" if it has none."""
    parts = _split(url)
    return (parts.hostname or "") if parts else ""


@lru_cache(maxsize=8192)
def place(url: str) -> str:
    """The authority without www: what a body calls its host."""
    return authority(normalise(url)).removeprefix("www.")


def domain(url: str) -> str:
    """The registrable domain of a URL: what one body registers under a public suffix.

    Where there is none (an address, a name without known suffix) it is `host:port` without www.
    """
    host = host_of(url)
    if not host:
        return ""
    return _registered(host) or authority(url).removeprefix("www.")


@lru_cache(maxsize=4096)
def _registered(host: str) -> str:
    return "" if _is_address(host) else _extract(host).top_domain_under_public_suffix


def is_private(url: str) -> bool:
    """Whether a URL names a machine that only its owner reaches: localhost, a private address, a name without a domain."""
    return _is_private_host(host_of(url))


@lru_cache(maxsize=4096)
def _is_private_host(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return bool(host) and ("." not in host or host.rpartition(".")[2] in LOCAL_NAMES or host.replace(".", "").isdigit())


def is_bad(target: str, resolved: str, page: str = "") -> bool:
    """Whether a link, as it is written (`target`) on `page`, leads citizens nowhere; `resolved` is what `resolve` makes of it.

    Bad are addresses that nobody can ask for (`http://[x`), files of the author's own disk, machines of another's own network,
    hosts that lack their `http://` and mailboxes that lack their `mailto:`, which so become paths. Anchors, scripts, telephones
    and the like are not bad: they are no links to pages.
    """
    target = _slashed(CONTROL.sub("", target).strip())
    if not target or target.startswith(("#", "?")):
        return False
    if LOST_SCHEME.match(target):
        return True
    scheme = SCHEME.match(target)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return scheme[1].lower() == "file" or len(scheme[1]) == 1
    return not resolved or (is_private(resolved) and host_of(resolved) != host_of(page))


def ending(url: str) -> str:
    """The ending of the file name in the path, in lower case without the dot; "" if none."""
    parts = _split(url)
    return PurePosixPath(unquote(parts.path)).suffix[1:].lower() if parts else ""


def shape(url: str) -> str:
    """The URL with numbers made equal and query values left out: what the pages of one list, calendar or search share."""
    parts = _split(url)
    if parts is None:
        return ""
    names = _names(parts.query)
    return NUMBER.sub("0", parts.netloc + unquote(parts.path)) + ("?" + names if names else "")


def family(url: str) -> str:
    """Host, folder and depth: pages made from one template mostly share it. At the root, where all kinds lie, it is the shape."""
    parts = _split(url)
    if parts is None:
        return ""
    folders = [NUMBER.sub("0", part) for part in parts.path.split("/") if part][:-1]
    names = _names(parts.query)
    return "/".join([parts.netloc, *folders, "*"]) + "?" + names if folders or names else shape(url)


def newest_year(words: str) -> int:
    """Years since 2000 of the newest year that stands in `words` (a URL, a link's text); 0 without one."""
    years = [int(found) for found in YEAR.findall(words)]
    return max((year - 2000 for year in years if year <= 2060), default=0)


def repeats_itself(url: str) -> bool:
    """Whether a path goes in circles: a segment three times, or a pair of segments twice in a row."""
    parts = _split(url)
    segments = [part for part in (parts.path if parts else "").split("/") if part]
    if any(segments.count(part) > 2 for part in segments):
        return True
    return any(segments[i : i + 2] == segments[i + 2 : i + 4] for i in range(len(segments) - 3))


def _names(query: str) -> str:
    """The names of a query's parameters, numbers in them made equal: `f[0]=…&f[1]=…` is one facet, asked twice."""
    return "&".join(sorted({NUMBER.sub("0", unquote(pair.partition("=")[0])) for pair in query.split("&") if pair}))


def _slashed(url: str) -> str:
    place, mark, query = url.partition("?")
    return place.replace("\\", "/") + mark + query


@lru_cache(maxsize=1024)
def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme.lower() in ("http", "https") and parts.hostname
    except ValueError:
        return None
    return parts if usable else None


def _host(parts: SplitResult) -> str:
    host = unquote(parts.hostname or "").strip().rstrip(".").lower()
    if _is_address(host):
        return f"[{host}]" if ":" in host else host
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return host if HOST.match(host) else ""


@lru_cache(maxsize=4096)
def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _kept(query: str) -> list[str]:
    return [pair for pair in query.split("&") if pair and not SESSION_KEYS.match(pair.partition("=")[0])]


def _without_dots(path: str) -> str:
    whole: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(whole) > 1:
                whole.pop()
        elif segment != ".":
            whole.append(segment)
    if segments[-1] in (".", ".."):
        whole.append("")
    return "/".join(whole) or "/"
