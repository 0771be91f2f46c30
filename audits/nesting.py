"""Markup that nests without end, made flat before it is parsed: the parser's time grows with the square of the depth."""

import re

_MANY_TAGS = 4096
"""A page with fewer elements cannot nest deep enough to matter."""
_DEEPEST = 2048
"""Browsers stop at 512 (Chromium) and put what is deeper side by side, so nobody sees a difference."""
_TOKEN = re.compile(
    r"<(?:!--(?:.*?-->|.*)|(script|style|textarea|title)\b(?:.*?</\1|.*)|(/?)([a-z][^\s/>]*)[^>]*>?)", re.I | re.S
)
_NEVER_DEEP = frozenset(
    {
        "a", "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html", "iframe", "img",
        "input", "li", "link", "meta", "noscript", "optgroup", "option", "p", "param", "rp", "rt", "select", "source", "tbody",
        "td", "tfoot", "th", "thead", "tr", "track", "wbr",
    }
)  # fmt: skip
"""Elements that hold nothing, or that the next of their kind or an end tag of others closes."""


def unnested(html: str) -> str:
    """The same page without the tags of elements deeper than 2,048; what stands in them stays."""
    if html.count("<") - html.count("</") <= _MANY_TAGS:
        return html
    depth = dropped = 0
    pieces: list[str] = []
    kept_to = 0
    for tag in _TOKEN.finditer(html):
        name = (tag[3] or "").lower()
        if not name or name in _NEVER_DEEP:
            continue
        if not tag[2]:
            depth += 1
        elif depth:
            depth -= 1
        drop = depth > _DEEPEST if not tag[2] else dropped > 0
        if drop:
            dropped += -1 if tag[2] else 1
            pieces.append(html[kept_to : tag.start()])
            kept_to = tag.end()
    return "".join([*pieces, html[kept_to:]]) if pieces else html
