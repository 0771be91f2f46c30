"""Where the links of a page lead: absolute addresses of what stands in its attributes."""

import re
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

_PLAIN_PATH = re.compile(r"/[\w~%-][\w~%/-]*(?:\.[\w~%-]+)*", re.ASCII)
"""A path from the root that needs no mending: what most links of a menu are."""
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.I)
_HOST_HERE = re.compile(r"https?:/+(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?![\w.-])", re.I)
_MISWRITTEN = re.compile(r"https?/+|https?:/*$|(?:https?:)?//(?:/|$)", re.I)
"""No colon, or no host."""
_OTHER_USES = frozenset(
    {"about", "blob", "callto", "data", "fax", "geo", "javascript", "mailto", "skype", "sms", "tel", "whatsapp"}
)
"""Schemes of links that are not meant to lead to a page."""


_VIEWERS = re.compile(
    r"(?:/gview|/viewerng/viewer|/viewer(?:\.html?|\.php)?|/(?:op/)?(?:embed|view)\.aspx|/flipbook|/pdfjs/?[^?]*)$", re.I
)
_SHOWN = ("file", "url", "src", "pdf", "pdfurl")
"""Parameters by which viewers of documents are told what to show."""
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods)(?:[?#]|$)", re.I)


class Targets:
    """Resolves the attributes of one page against its base. Each spelling is worked out once: menus repeat themselves."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._known: dict[str, str] = {}
        try:
            parts = urlsplit(base)
            self._origin = f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""
        except ValueError:
            self._origin = ""

    def resolve(self, target: str) -> str:
        """Absolute http(s), mailto or tel URL, "" for what leads nowhere."""
        known = self._known.get(target)
        if known is None:
            plain = self._origin and _PLAIN_PATH.fullmatch(target)
            known = self._known[target] = self._origin + target if plain else join(self._base, target)
        return known


def join(base: str, target: str) -> str:
    """`target` on the page `base`, absolute: http(s), mailto or tel, else ""."""
    target = target.strip().replace("\\", "/")
    if not target or target.startswith("#"):
        return ""
    try:
        joined = urljoin(base, target)
        parts = urlsplit(joined)
    except ValueError:
        return ""
    if parts.scheme in ("mailto", "tel", "sms", "whatsapp"):
        return joined
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    joined = joined.replace(" ", "%20")
    shown = _shown(joined, parts)
    if shown:
        return shown
    return joined if "#!" in joined or "#/" in joined else joined.split("#", 1)[0]


def _shown(url: str, parts: SplitResult) -> str:
    """The document that a viewer's URL shows, "" where it is no viewer: what matters is the file, not who draws it."""
    if not parts.query or not _VIEWERS.search(parts.path):
        return ""
    for name, value in parse_qsl(parts.query):
        if name.lower() in _SHOWN and _FILE.search(value):
            return join(url, value)
    return ""


def leads_nowhere(target: str, url: str) -> bool:
    """Whether a link can lead nobody anywhere as it is written; `url` is what it was resolved to.

    So are `http://[x`, `http://`, `file:`, `c:\\x.pdf`, `htp://x`, `https//x`, and a host that is whoever reads the page. What
    is not meant to lead to a page (`#`, `javascript:`, `mailto:`) is no mistake, and neither is the scheme of an app.
    """
    target = target.strip()
    if _HOST_HERE.match(url):
        return bool(_HOST_HERE.match(target))
    if url:
        return bool(_MISWRITTEN.match(target))
    if not target or target.startswith("#"):
        return False
    scheme = _SCHEME.match(target)
    if scheme is None:
        return True
    name = scheme[1].lower()
    if name in _OTHER_USES:
        return False
    return name in ("http", "https", "file") or len(name) == 1 or set(name) <= set("https")
