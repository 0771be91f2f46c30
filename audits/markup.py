"""What markup says about the role of an element: its place on the page, whether it is a heading, which words stand beside it."""

import re

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
_FOOT_NAMES = re.compile(r"(?:^|[-_\s])(?:footer|pie)(?:$|[-_\s\d])")
_HEAD_NAMES = frozenset({"header", "site-header", "main-header", "masthead", "top-header"})


def is_mount(attributes: dict[str, str | None]) -> bool:
    """Whether a script framework fills the element: it bears the mark of Nuxt, Next, Vue, React, Angular or Svelte."""
    return (attributes.get("id") or "") in _MOUNT_IDS or not _MOUNT_MARKS.isdisjoint(attributes)


def text_of(node: LexborNode, limit: int = 600) -> str:
    """The text inside an element, white space squeezed, cut soon after `limit` characters: some elements hold whole sites."""
    pieces: list[str] = []
    length = 0
    for child in node.traverse(include_text=True):
        if child.is_text_node and (child.parent is None or child.parent.tag not in ("script", "style")):
            pieces.append(child.text_content or "")
            length += len(pieces[-1])
            if length > limit or len(pieces) > _MANY_PIECES:
                break
    return squeeze(" ".join(pieces))


def place_of(tag: str, attributes: dict[str, str | None], place: Place, fixed: bool) -> tuple[Place, bool]:
    """The place of an element's content; once inside a piece of furniture (`fixed`), nothing inside changes it."""
    if fixed or tag in ("html", "body"):
        return place, fixed
    if tag in _PLACE_BY_TAG:
        return _PLACE_BY_TAG[tag], tag in ("nav", "footer", "main", "article")
    role = (attributes.get("role") or "").lower()
    if role in _PLACE_BY_ROLE:
        return _PLACE_BY_ROLE[role], True
    if tag == "header":
        return Place.HEADER, False
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower().strip()
    if not names or tag not in ("div", "ul", "ol", "section", "table", "td"):
        return place, False
    if _FOOT_NAMES.search(names) and not re.search(r"(card|modal|panel|table|entry|post|article|box)[-_]?footer", names):
        return Place.FOOTER, True
    if _NAV_NAMES.search(names):
        return Place.NAV, False
    if not _HEAD_NAMES.isdisjoint(names.split()):
        return Place.HEADER, False
    return place, False


def heading_level(node: LexborNode, tag: str) -> int:
    """1–6 for h1–h6, 7 for what only looks like a heading, 0 for what is none."""
    level = _HEADINGS.get(tag, 0)
    if level or tag not in ("p", "div", "td", "li", "center"):
        return level
    # A line that holds nothing but bold words looks like a heading to everyone who sees it.
    child = node.child
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


def words_beside(node: LexborNode, text: str) -> str:
    """Words of the table row, list item or paragraph around a link, other than its own, where that is short."""
    parent = node.parent
    for _ in range(4):
        if parent is None or parent.tag in ("body", "form", "ul", "ol", "table", "nav", "main", "section"):
            return ""
        if parent.tag in ("tr", "li", "p", "dd", "figure", "div", "article"):
            around = text_of(parent, 400)
            if len(around) > 300 or (parent.tag in ("div", "article") and len(parent.css("a")) > 2):
                return ""
            if around != text:
                return around
        parent = parent.parent
    return ""
