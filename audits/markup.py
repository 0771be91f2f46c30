"""What markup says about the role of an element: its place on the page, whether it is a heading, which words stand beside it."""

import re
from functools import lru_cache

from selectolax.lexbor import LexborNode

from audits.text import squeeze
from crawler.capture import Place

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "caption": 7, "legend": 7, "summary": 7, "dt": 7}
_MANY_PIECES = 100
_BOLD = frozenset({"b", "strong"})
_PLACE_BY_TAG = {"nav": Place.NAV, "footer": Place.FOOTER, "aside": Place.ASIDE, "main": Place.MAIN, "article": Place.MAIN}
_PLACE_BY_ROLE = {
    "navigation": Place.NAV,
    "menu": Place.NAV,
    "menubar": Place.NAV,
    "banner": Place.HEADER,
    "contentinfo": Place.FOOTER,
    "complementary": Place.ASIDE,
    "main": Place.MAIN,
}
# Markup vocabulary of themes and frameworks, not content: what their authors call the furniture of a page.
_MOUNT_IDS = frozenset({"__nuxt", "__next", "app", "root", "svelte", "q-app", "react-root", "___gatsby"})
_MOUNT_MARKS = frozenset(
    {"data-server-rendered", "data-reactroot", "data-v-app", "ng-version", "ng-app", "data-ng-app", "data-sveltekit-hydrate"}
)
_NAV_NAMES = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navigation|menu|mainmenu|submenu|topbar|breadcrumbs?|offcanvas|dropdown-menu)(?:$|[-_\s])"
)
_SMALL_FOOT = re.compile(r"(card|modal|panel|table|entry|post|article|box)[-_]?footer")
_NAMED_TAGS = frozenset({"div", "ul", "ol", "section", "table", "td"})
"""Elements that are furniture by what their authors call them."""
_ITEMS = frozenset({"tr", "li", "p", "dd", "figure", "div", "article"})
_TOO_WIDE = frozenset({"body", "form", "ul", "ol", "table", "nav", "main", "section"})
_CODE = frozenset({"script", "style"})
_MAYBE_BOLD = frozenset({"p", "div", "td", "li", "center"})
MAY_BE_HEADING = _MAYBE_BOLD | frozenset(_HEADINGS)
_FOOT_NAMES = re.compile(r"(?:^|[-_\s])(?:footer|pie)(?:$|[-_\s\d])")
_HEAD_NAMES = frozenset({"header", "site-header", "main-header", "masthead", "top-header"})


def is_mount(attributes: dict[str, str | None]) -> bool:
    """Whether a script framework fills the element: it bears the mark of Nuxt, Next, Vue, React, Angular or Svelte."""
    return (attributes.get("id") or "") in _MOUNT_IDS or not _MOUNT_MARKS.isdisjoint(attributes)


def text_of(node: LexborNode, limit: int = 600) -> str:
    """The text inside an element, white space squeezed, cut soon after `limit` characters: some elements hold whole sites."""
    only = node.first_child
    if only is not None and only.is_text_node and only.next is None:
        return squeeze(only.text_content or "")
    pieces: list[str] = []
    length, code = 0, False
    for child in node.traverse(include_text=True):
        if child.is_text_node:
            if code and child.parent is not None and child.parent.tag in _CODE:
                continue
            piece = child.text_content or ""
            pieces.append(piece)
            length += len(piece)
            if length > limit or len(pieces) > _MANY_PIECES:
                break
        elif not code:
            code = child.tag in _CODE
    return squeeze(" ".join(pieces))


def place_of(tag: str, attributes: dict[str, str | None], place: Place) -> tuple[Place, bool]:
    """The place of an element's content, and whether it is a piece of furniture inside which nothing changes that place."""
    if tag in ("html", "body"):
        return place, False
    if not attributes:
        names = role = ""
    else:
        role = attributes.get("role") or ""
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}" if tag in _NAMED_TAGS else ""
    own, fixed = _furniture(tag, role, names)
    return own or place, fixed


@lru_cache(maxsize=8192)
def _furniture(tag: str, role: str, names: str) -> tuple[Place | None, bool]:
    """The place that an element makes, None for none, and whether it is fixed; `names` are its class and id."""
    if tag in _PLACE_BY_TAG:
        return _PLACE_BY_TAG[tag], tag in ("nav", "footer", "main", "article")
    if role.lower() in _PLACE_BY_ROLE:
        return _PLACE_BY_ROLE[role.lower()], True
    if tag == "header":
        return Place.HEADER, False
    names = names.lower().strip()
    if not names:
        return None, False
    if _FOOT_NAMES.search(names) and not _SMALL_FOOT.search(names):
        return Place.FOOTER, True
    if _NAV_NAMES.search(names):
        return Place.NAV, False
    return (None if _HEAD_NAMES.isdisjoint(names.split()) else Place.HEADER), False


def heading_level(node: LexborNode, tag: str) -> int:
    """1–6 for h1–h6, 7 for what only looks like a heading, 0 for what is none."""
    level = _HEADINGS.get(tag, 0)
    if level or tag not in _MAYBE_BOLD:
        return level
    # A line that holds nothing but bold words looks like a heading to everyone who sees it.
    child = node.first_child
    bold = None
    while child is not None:
        if child.is_text_node:
            if (child.text_content or "").strip():
                return 0
        elif child.is_element_node:
            if bold is not None or (child.tag not in _BOLD and child.tag != "br"):
                return 0
            bold = child if child.tag in _BOLD else bold
        child = child.next
    if bold is None or bold.css_first("a") is not None:
        return 0
    return 7 if 0 < len(bold.text().split()) <= 12 else 0


def label_around(node: LexborNode) -> str:
    """Words of the label element that holds a form control, "" where none does."""
    parent = node.parent
    for _ in range(2):
        if parent is None or parent.tag in ("form", "body"):
            return ""
        if parent.tag == "label":
            return text_of(parent, 400)
        parent = parent.parent
    return ""


class Neighbourhood:
    """The words beside the links of one page. What stands in an element is read once for all the links in it."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}

    def words_beside(self, node: LexborNode, text: str) -> str:
        """Words of the table row, list item or paragraph around a link, other than its own, where that is short."""
        parent = node.parent
        for _ in range(4):
            tag = parent.tag if parent is not None else "body"
            if parent is None or tag in _TOO_WIDE:
                return ""
            if tag in _ITEMS:
                around = self._texts.get(parent.mem_id)
                if around is None:
                    around = self._texts[parent.mem_id] = text_of(parent, 400)
                if len(around) > 300 or (tag in ("div", "article") and _has_many_links(parent)):
                    return ""
                if around != text:
                    return around
            parent = parent.parent
        return ""


def _has_many_links(node: LexborNode) -> bool:
    return len(node.css("a")) > 2
