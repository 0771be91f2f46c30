"""The walk over a parsed page: sections, links, forms and resources in document order, in one pass."""

import re
from collections.abc import Callable
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from audits.markup import heading_level, is_mount, label_around, place_of, text_of, words_beside
from audits.text import squeeze
from crawler.capture import Control, Form, Link, Place, Section

_APART = frozenset(
    {"head", "script", "style", "link", "meta", "template", "svg", "math", "noscript", "object", "canvas", "datalist"}
)
_INLINE = frozenset({"b", "strong", "i", "em", "span", "font", "u", "sup", "sub", "mark", "small", "abbr"})
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "select", "summary", "table",
        "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_ONCLICK_URL = re.compile(r"""(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|window\.open\()\s*['"]([^'"]+)""")
_INLINE_URL = re.compile(r"""['"(](?:https?:)?//([\w.-]+\.[a-z]{2,}[^'"\s)]*)""")
_REFRESH_URL = re.compile(r"url\s*=\s*['\"]?([^'\";]+)", re.I)
_NO_TEXT_INPUTS = frozenset({"hidden", "submit", "button", "reset", "image"})
_MAX_LINKS = 5000


class _Open(NamedTuple):
    """A node still to be read, with the place it stands in; `fixed` when nothing inside may change that place."""

    node: LexborNode
    place: Place
    fixed: bool


class _Close(NamedTuple):
    """What follows an element: white space, and the place that continues where the element had one of its own."""

    text: str
    back_to: Place | None


def _children(node: LexborNode) -> list[LexborNode]:
    children, child = [], node.child
    while child is not None:
        children.append(child)
        child = child.next
    return children


class Reading:
    """The facts gathered on one walk. `resolve` makes an absolute URL of an attribute, "" where it leads nowhere."""

    def __init__(self, root: LexborNode, resolve: Callable[[str], str]) -> None:
        self.sections: list[Section] = [Section("", 0, Place.MAIN)]
        self.links: list[Link] = []
        self.forms: list[Form] = []
        self.resources: list[tuple[str, str]] = []
        self.inline_scripts = 0
        self.mounted = False
        self._resolve = resolve
        self._pieces: list[str] = []
        self._panels: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._loose: list[Control] = []
        self._in_forms: set[Control] = set()
        for node in root.css("label[for]"):
            self._labels.setdefault(node.attributes.get("for") or "", squeeze(node.text()))
        self._walk(root)
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

    def _walk(self, root: LexborNode) -> None:
        """Every element in document order. A stack of our own, because portals nest deeper than Python calls may."""
        stack: list[_Open | _Close] = [_Open(child, Place.MAIN, False) for child in reversed(_children(root))]
        while stack:
            step = stack.pop()
            if isinstance(step, _Close):
                self._pieces.append(step.text)
                if step.back_to is not None:
                    self._open_section("", 0, step.back_to)
            elif step.node.is_text_node:
                self._pieces.append(step.node.text_content or "")
            elif step.node.is_element_node:
                self._element(step, stack)

    def _element(self, step: "_Open", stack: "list[_Open | _Close]") -> None:
        node, tag, attributes = step.node, step.node.tag or "", step.node.attributes
        if tag in _APART:
            self._apart(node, tag, attributes, step.place)
            return
        if self._hidden(attributes):
            return
        self.mounted = self.mounted or is_mount(attributes)
        here, fixed = place_of(tag, attributes, step.place, step.fixed)
        if here != step.place:
            self._open_section("", 0, here)
        if tag in _BLOCKS:
            self._pieces.append("\n")
        self._content(node, tag, attributes, here)
        after = "\n" if tag in _BLOCKS else "" if tag in _INLINE else " "
        stack.append(_Close(after, step.place if here != step.place else None))
        if tag not in ("select", "textarea"):
            stack.extend(_Open(child, here, fixed) for child in reversed(_children(node)))

    def _apart(self, node: LexborNode, tag: str, attributes: dict[str, str | None], place: Place) -> None:
        """Elements whose text nobody reads on the page; some of them lead elsewhere."""
        if tag == "script":
            self._script(node, attributes)
        elif tag in ("link", "meta"):
            self._head_link(tag, attributes)
        elif tag == "head":
            for child in node.iter():
                if child.tag in ("script", "link", "meta"):
                    self._apart(child, child.tag, child.attributes, place)
        elif tag == "object":
            self._frame("embed", attributes.get("data") or "", "", place)

    def _content(self, node: LexborNode, tag: str, attributes: dict[str, str | None], place: Place) -> None:
        self._count(tag)
        panel = self._panels.get(attributes.get("id") or "")
        if panel:
            self._open_section(panel, 7, place)
        level = heading_level(node, tag)
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
        if tag != "a" and "onclick" in attributes:
            self._onclick(node, attributes, place)

    # What stands where ---

    def _hidden(self, attributes: dict[str, str | None]) -> bool:
        if not attributes or (attributes.get("id") or "") in self._panels:
            return False
        return "hidden" in attributes or bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))

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

    def _heading(self, node: LexborNode, level: int, place: Place, attributes: dict[str, str | None]) -> None:
        text = text_of(node)
        self._toggle(node, attributes)
        if text:
            self._open_section(text[:300], level, place)

    def _toggle(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        """Remember that an element opens a panel elsewhere on the page, whose heading it is."""
        target = attributes.get("data-bs-target") or attributes.get("data-target") or attributes.get("aria-controls") or ""
        if not target and ("data-toggle" in attributes or "data-bs-toggle" in attributes):
            target = attributes.get("href") or ""
        identifier = target.rpartition("#")[2]
        text = text_of(node)
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
        if (target is None and not click) or len(self.links) >= _MAX_LINKS:
            return
        if click and (not target or target.startswith(("#", "javascript:"))):
            target = click.group(1)
        text = text_of(node)
        if not text:
            image = node.css_first("img[alt]")
            alt = image.attributes.get("alt") if image is not None else ""
            text = attributes.get("aria-label") or attributes.get("title") or alt or attributes.get("alt") or ""
        url = self._resolve(target or "")
        self._add(url, text, place, tag, target or "", words_beside(node, text) if place is not Place.NAV else "")

    def _onclick(self, node: LexborNode, attributes: dict[str, str | None], place: Place) -> None:
        click = _ONCLICK_URL.search(attributes.get("onclick") or "")
        if click:
            self._add(self._resolve(click.group(1)), text_of(node), place, "onclick", click.group(1))

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
        words = (label, attributes.get("placeholder"), attributes.get("aria-label"), attributes.get("title"), label_around(node))
        return Control(kind, attributes.get("name") or attributes.get("id") or "", squeeze(" ".join(w for w in words if w))[:200])

    def _form(self, node: LexborNode, attributes: dict[str, str | None], place: Place) -> None:
        controls = []
        for child in node.css("input, textarea, select"):
            control = self._control(child, child.tag or "", child.attributes)
            if control:
                controls.append(control)
        buttons = [c.attributes.get("value") or "" for c in node.css("input[type=submit], input[type=button]")]
        words = f"{text_of(node, 2000)} {' '.join(buttons)}".strip()[:2000]
        action = self._resolve(attributes.get("action") or "")
        if action:
            self.resources.append(("form", action))
        if controls:
            section = len(self.sections) - 1
            self._in_forms.update(controls)
            self.forms.append(Form(action, (attributes.get("method") or "get").lower(), tuple(controls), words, place, section))

    def _keep_loose_controls(self) -> None:
        """Controls outside any form element, as scripts use them, make one form per section."""
        loose = tuple(control for control in self._loose if control not in self._in_forms)
        self._loose.clear()
        if loose:
            section = self.sections[-1]
            self.forms.append(Form("", "", loose, section.heading, section.place, len(self.sections) - 1))
