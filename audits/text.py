"""Folding of text, so that words in data match words on pages whatever their accents, case and punctuation."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

_NOT_WORD = re.compile(r"[\W_]+")
_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
"""The marks that decomposing parts from the letters of our languages; rarer ones are asked for one by one."""
_COMMON = "\u0301\u0303\u0302\u0327\u0300\u0308"
"""Those of them that our languages use."""
_UNUSUAL = re.compile("[^\u0000-\u036f\u2000-\u20cf\u2100-\u2bff]")
"""What is neither Latin nor a sign of punctuation or currency: only among these may other marks stand."""
_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()}
_SEPARATORS = re.compile(r"[-_+.]+")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


def fold(text: str) -> str:
    """Lower case without accents; length may change. "Años Útiles" → "anos utiles"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    plain = decomposed.encode("ascii", "ignore")
    if len(plain) + sum(map(decomposed.count, _COMMON)) == len(decomposed):  # nothing else was left out
        return plain.decode().lower()
    decomposed = _ACCENTS.sub("", decomposed)
    if decomposed.isascii() or not _UNUSUAL.search(decomposed):
        return decomposed.lower()
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


@lru_cache(maxsize=65536)
def normal(text: str) -> str:
    """Folded words parted by single blanks, nothing else: "Nº 5, ¡Actas/Sesión!" → "no 5 actas sesion"."""
    folded = fold(text)
    if folded.isascii():
        return " ".join(folded.translate(_BLANKS).split())
    return _NOT_WORD.sub(" ", folded).strip()


def squeeze(text: str) -> str:
    """White space runs made one blank, ends trimmed."""
    return " ".join(text.split())


def words_of_url(url: str) -> list[str]:
    """The readable parts of a URL's path, one text a segment, extension dropped, camel case and digits parted.

    "https://x.pe/docs/PIA2018.pdf" → ["docs", "PIA 2018"].
    """
    return list(_words_of_url(url))


@lru_cache(maxsize=32768)
def _words_of_url(url: str) -> tuple[str, ...]:
    path = url.split("#", 1)[0].split("?", 1)[0].split("//", 1)[-1]
    segments = [unquote(part, errors="replace") for part in path.split("/")[1:] if part]
    if segments and "." in segments[-1]:
        segments[-1] = segments[-1].rsplit(".", 1)[0]
    return tuple(squeeze(_CAMEL.sub(" ", _SEPARATORS.sub(" ", part))) for part in segments)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word, with an ellipsis where something was left out."""
    text = squeeze(text)
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0] + "…"
