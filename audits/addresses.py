"""URLs as the judging half compares them."""

from functools import lru_cache
from urllib.parse import unquote, urlsplit


@lru_cache(maxsize=8192)
def key_of(url: str) -> str:
    """One key for the spellings of a URL: scheme, www., default pages, trailing slash and escapes do not count."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = (parts.netloc or "").lower().removeprefix("www.").removesuffix(":80").removesuffix(":443")
    path = unquote(parts.path, errors="replace")
    for default in ("index.html", "index.htm", "index.php", "default.aspx"):
        if path.endswith("/" + default):
            path = path[: -len(default)]
    return f"{host}{path.rstrip('/')}{'?' + parts.query if parts.query else ''}"


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """Host name without www., "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def host_words(url: str) -> str:
    """The first label of a URL's host as words: "tramites.x.gob.mx" → "tramites"."""
    return host_of(url).split(".")[0].replace("-", " ")
