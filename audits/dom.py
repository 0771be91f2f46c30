"""The walk over a parsed page: sections, links, forms and resources in document order, in one pass."""

import re
from collections.abc import Callable

from selectolax.lexbor import LexborNode

from audits.text import squeeze
from crawler.capture import Control, Form, Link, Place, Section

_SKIPPED = frozenset({"template", "head", "svg", "math", "noscript", "object", "canvas", "datalist"})
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "caption": 7, "legend": 7, "summary": 7, "dt": 7}
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
_NAV_NAMES = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navigation|menu|mainmenu|submenu|topbar|breadcrumbs?|offcanvas|dropdown-menu)(?:$|[-_\s])"
)
_FOOT_NAMES = re.compile(r"(?:^|[-_\s])(?:footer|pie)(?:$|[-_\s\d])")
_HEAD_NAMES = frozenset({"header", "site-header", "main-header", "masthead", "top-header"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_ONCLICK_URL = re.compile(r"""(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|window\.open\()\s*['"]([^'"]+)""")
_INLINE_URL = re.compile(r"""['"(](?:https?:)?//([\w.-]+\.[a-z]{2,}[^'"\s)]*)""")
_REFRESH_URL = re.compile(r"url\s*=\s*['\"]?([^'\";]+)", re.I)
_BOLD = frozenset({"b", "strong"})
_NO_TEXT_INPUTS = frozenset({"hidden", "submit", "button", "reset", "image"})
_MAX_LINKS = 5000
_MAX_DEPTH = 400


class Reading:
    """The facts gathered on one walk. `resolve` makes an absolute URL of an attribute, "" where it leads nowhere."""

    def __init__(self, root: LexborNode, resolve: Callable[[str], str]) -> None:
        self.sections: list[Section] = [Section("", 0, Place.MAIN)]
        self.links: list[Link] = []
        self.forms: list[Form] = []
        self.resources: list[tuple[str, str]] = []
        self.inline_scripts = 0
        self._resolve = resolve
        self._pieces: list[str] = []
        self._panels: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._loose: list[Control] = []
        for node in root.css("label[for]"):
            self._labels.setdefault(node.attributes.get("for") or "", squeeze(node.text()))
        self._walk(root, Place.MAIN, 0, fixed=False)
        self._flush()
        self._keep_loose_controls()

    # Sections ---

    def _flush(self) -> None:
        lines = (squeeze(line) for line in "".join(self._pieces).split("\n"))
        self.sections[-1].text = "\n".join(line for line in lines if line)
        self._pieces.clear()

    def _open_section(self, heading: str, level: int, place: Place) -> None:
        self._flush()
        self._keep_loose_controls()
        self.sections.append(Section(heading, level, place))

    # The walk ---

    def _walk(self, node: LexborNode, place: Place, depth: int, *, fixed: bool) -> None:
        child = node.child
        while child is not None:
            if child.is_text_node:
                self._pieces.append(child.text_content or "")
            elif child.is_element_node:
                self._element(child, place, depth, fixed=fixed)
            child = child.next

    def _element(self, node: LexborNode, place: Place, depth: int, *, fixed: bool) -> None:
        tag = node.tag or ""
        attributes = node.attributes
        if tag == "script":
            self._script(node, attributes)
        elif tag == "link" or tag == "meta":
            self._head_link(tag, attributes)
        elif tag == "head":
            self._walk_head(node)
        if tag in _SKIPPED or tag in ("script", "style") or depth > _MAX_DEPTH:
            if tag == "object":
                self._frame("embed", attributes.get("data") or "", "", place)
            return
        if self._hidden(attributes):
            return
        here, fixed = self._place(tag, attributes, place, fixed)
        if here != place:
            self._open_section("", 0, here)
        self._content(node, tag, attributes, here, depth, fixed=fixed)
        if here != place:
            self._open_section("", 0, place)

    def _content(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], place: Place, depth: int, *, fixed: bool
    ) -> None:
        block = tag in _BLOCKS
        if block:
            self._pieces.append("\n")
        self._count(tag)
        panel = self._panels.get(attributes.get("id") or "")
        if panel:
            self._open_section(panel, 7, place)
        level = self._heading_level(node, tag)
        if level:
            self._heading(node, level, place, attributes)
        elif tag in ("a", "area"):
            self._anchor(node, tag, attributes, place)
        elif tag in ("iframe", "frame", "embed"):
            self._frame(tag, attributes.get("src") or "", attributes.get("title") or "", place)
        elif tag == "img":
            self._image(attributes, place)
        elif tag == "form":
            self._form(node, attributes, place)
        elif tag in ("input", "textarea", "select"):
            control = self._control(node, tag, attributes)
            if control:
                self._loose.append(control)
        elif tag == "button":
            self._toggle(node, attributes)
        if tag not in ("a", "button") and "onclick" in attributes:
            self._onclick(node, attributes, place)
        if tag not in ("select", "textarea"):
            self._walk(node, place, depth + 1, fixed=fixed)
        if block:
            self._pieces.append("\n")
        elif tag not in ("b", "strong", "i", "em", "span", "font", "u", "sup", "sub", "mark", "small", "abbr"):
            self._pieces.append(" ")

    def _walk_head(self, node: LexborNode) -> None:
        for child in node.iter():
            tag = child.tag or ""
            if tag == "script":
                self._script(child, child.attributes)
            elif tag in ("link", "meta"):
                self._head_link(tag, child.attributes)

    # What stands where ---

    def _hidden(self, attributes: dict[str, str | None]) -> bool:
        if not attributes or (attributes.get("id") or "") in self._panels:
            return False
        return "hidden" in attributes or bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))

    @staticmethod
    def _place(tag: str, attributes: dict[str, str | None], place: Place, fixed: bool) -> tuple[Place, bool]:
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

    def _count(self, tag: str) -> None:
        section = self.sections[-1]
        if tag == "table":
            section.tables += 1
        elif tag == "tr":
            section.rows += 1
        elif tag == "li":
            section.items += 1
        elif tag == "img":
            section.images += 1

    @staticmethod
    def _heading_level(node: LexborNode, tag: str) -> int:
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

    def _heading(self, node: LexborNode, level: int, place: Place, attributes: dict[str, str | None]) -> None:
        text = squeeze(node.text(separator=" "))
        self._toggle(node, attributes)
        if text:
            self._open_section(text[:300], level, place)

    def _toggle(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        """Remember that an element opens a panel elsewhere on the page, whose heading it is."""
        target = attributes.get("data-bs-target") or attributes.get("data-target") or attributes.get("aria-controls") or ""
        if not target and ("data-toggle" in attributes or "data-bs-toggle" in attributes):
            target = attributes.get("href") or ""
        identifier = target.rpartition("#")[2]
        text = squeeze(node.text(separator=" "))
        if identifier and text and len(text) < 200:
            self._panels.setdefault(identifier, text)

    # Ways elsewhere ---

    def _add(self, url: str, text: str, place: Place, kind: str, target: str, context: str = "") -> None:
        if len(self.links) < _MAX_LINKS:
            self.links.append(
                Link(url, squeeze(text)[:300], place, len(self.sections) - 1, kind, target.strip()[:500], context[:200])
            )

    def _anchor(self, node: LexborNode, tag: str, attributes: dict[str, str | None], place: Place) -> None:
        target = attributes.get("href")
        click = _ONCLICK_URL.search(attributes.get("onclick") or "")
        self._toggle(node, attributes)
        if target is None and not click:
            return
        if click and (not target or target.startswith(("#", "javascript:"))):
            target = click.group(1)
        text = squeeze(node.text(separator=" "))
        if not text:
            image = node.css_first("img[alt]")
            alt = image.attributes.get("alt") if image is not None else ""
            text = attributes.get("aria-label") or attributes.get("title") or alt or attributes.get("alt") or ""
        url = self._resolve(target or "")
        self._add(url, text, place, tag, target or "", _beside(node, text) if place is not Place.NAV else "")

    def _onclick(self, node: LexborNode, attributes: dict[str, str | None], place: Place) -> None:
        click = _ONCLICK_URL.search(attributes.get("onclick") or "")
        if click:
            self._add(self._resolve(click.group(1)), node.text(separator=" "), place, "onclick", click.group(1))

    def _frame(self, tag: str, source: str, title: str, place: Place) -> None:
        url = self._resolve(source)
        if url:
            self.resources.append(("frame", url))
            self._add(url, title, place, tag, source)

    def _image(self, attributes: dict[str, str | None], place: Place) -> None:
        source = attributes.get("src") or attributes.get("data-src") or ""
        url = self._resolve(source) if not source.startswith("data:") else ""
        if url:
            words = attributes.get("alt") or attributes.get("title") or ""
            self._add(url, words, place, "image", source, self.sections[-1].heading)

    def _head_link(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "meta":
            if (attributes.get("http-equiv") or "").lower() == "refresh":
                match = _REFRESH_URL.search(attributes.get("content") or "")
                if match:
                    self._add(self._resolve(match.group(1)), "", Place.MAIN, "refresh", match.group(1))
            return
        if "alternate" in (attributes.get("rel") or "").lower().split() and attributes.get("href"):
            title = attributes.get("title") or attributes.get("hreflang") or attributes.get("type") or ""
            self._add(self._resolve(attributes["href"] or ""), title, Place.HEADER, "alternate", attributes["href"] or "")

    def _script(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        source = attributes.get("src")
        if source:
            url = self._resolve(source)
            if url:
                self.resources.append(("script", url))
            return
        self.inline_scripts += 1
        code = node.text()[:200_000]
        for match in _ONCLICK_URL.finditer(code):
            self._add(self._resolve(match.group(1)), "", Place.MAIN, "onclick", match.group(1))
        for match in _INLINE_URL.finditer(code):
            if len(self.resources) < 500:
                self.resources.append(("inline", "https://" + match.group(1)))

    # Forms ---

    def _control(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> Control | None:
        kind = (attributes.get("type") or "text").lower() if tag == "input" else tag
        if kind in _NO_TEXT_INPUTS:
            return None
        label = self._labels.get(attributes.get("id") or "", "")
        words = (label, attributes.get("placeholder"), attributes.get("aria-label"), attributes.get("title"), _label_around(node))
        return Control(kind, attributes.get("name") or attributes.get("id") or "", squeeze(" ".join(w for w in words if w))[:200])

    def _form(self, node: LexborNode, attributes: dict[str, str | None], place: Place) -> None:
        controls = []
        for child in node.css("input, textarea, select"):
            control = self._control(child, child.tag or "", child.attributes)
            if control:
                controls.append(control)
        buttons = [c.attributes.get("value") or "" for c in node.css("input[type=submit], input[type=button]")]
        words = squeeze(node.text(separator=" ") + " " + " ".join(buttons))[:2000]
        action = self._resolve(attributes.get("action") or "")
        if action:
            self.resources.append(("form", action))
        if controls:
            section = len(self.sections) - 1
            self.forms.append(Form(action, (attributes.get("method") or "get").lower(), tuple(controls), words, place, section))

    def _keep_loose_controls(self) -> None:
        """Controls outside any form element, as scripts use them, make one form per section."""
        in_forms = {control for form in self.forms for control in form.controls}
        loose = tuple(control for control in self._loose if control not in in_forms)
        self._loose.clear()
        if loose:
            section = self.sections[-1]
            self.forms.append(Form("", "", loose, section.heading, section.place, len(self.sections) - 1))


def _label_around(node: LexborNode) -> str:
    parent = node.parent
    for _ in range(2):
        if parent is None or parent.tag in ("form", "body"):
            return ""
        if parent.tag == "label":
            return squeeze(parent.text(separator=" "))
        parent = parent.parent
    return ""


def _beside(node: LexborNode, text: str) -> str:
    """Words of the table row, list item or paragraph around a link, other than its own, where that is short."""
    parent = node.parent
    for _ in range(4):
        if parent is None or parent.tag in ("body", "form", "ul", "ol", "table", "nav", "main", "section"):
            return ""
        if parent.tag in ("tr", "li", "p", "dd", "figure", "div", "article"):
            around = squeeze(parent.text(separator=" "))
            if len(around) > 300 or (parent.tag in ("div", "article") and len(parent.css("a")) > 2):
                return ""
            if around != text:
                return around
        parent = parent.parent
    return ""
