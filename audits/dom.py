"""The walk over a parsed page: sections, links, forms and resources in document order, in one pass.

Most of the time that a page costs is spent here, so nothing is done twice for a node: what is rare is asked for last.
"""

import re
from collections.abc import Callable

from selectolax.lexbor import LexborNode

from audits.elements import APART, BLOCKS, INLINE, TELLING
from audits.markup import MAY_BE_HEADING, Neighbourhood, heading_level, is_mount, label_around, place_of, text_of
from audits.structure import Step
from audits.text import squeeze
from crawler.capture import Control, Form, Link, Place, Section

Attributes = dict[str, str | None]

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_ONCLICK_URL = re.compile(r"""(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|window\.open\()\s*['"]([^'"]+)""")
_INLINE_URL = re.compile(r"""['"(](?:https?:)?//([\w.-]+\.[a-z]{2,}[^'"\s)]*)""")
_REFRESH_URL = re.compile(r"url\s*=\s*['\"]?([^'\";]+)", re.I)
_NO_TEXT_INPUTS = frozenset({"hidden", "submit", "button", "reset", "image"})
_MAX_LINKS = 5000
_COUNTED = {"table": "tables", "tr": "rows", "li": "items", "img": "images"}
_CLOSED = frozenset({"select", "textarea"})


class Reading:
    """The facts gathered on one walk. `resolve` makes an absolute URL of an attribute, "" where it leads nowhere."""

    def __init__(self, root: LexborNode, resolve: Callable[[str], str]) -> None:
        self.sections: list[Section] = [Section("", 0, Place.MAIN)]
        self.links: list[Link] = []
        self.forms: list[Form] = []
        self.resources: list[tuple[str, str]] = []
        self.inline_scripts = 0
        self.mounted = False
        self.canonical = ""
        self.steps: set[Step] = set()
        self._resolve = resolve
        self._pieces: list[str] = []
        self._panels: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._loose: list[Control] = []
        self._in_forms: set[Control] = set()
        self._neighbourhood = Neighbourhood()
        self._readers: dict[str, Callable[[LexborNode, str, Attributes, Place], None]] = {
            **dict.fromkeys(("a", "area"), self._anchor),
            **dict.fromkeys(("iframe", "frame", "embed"), self._embedded),
            **dict.fromkeys(("input", "textarea", "select"), self._control_met),
            "img": self._image,
            "form": self._form,
            "button": self._button,
        }
        for node in root.css("label[for]"):
            self._labels.setdefault(node.attributes.get("for") or "", squeeze(node.text()))
        self._walk(root)
        self._flush()
        self._keep_loose_controls()

    # Sections ---

    def _flush(self) -> None:
        lines = [" ".join(line.split()) for line in "".join(self._pieces).split("\n") if line]
        self.sections[-1].text = "\n".join(filter(None, lines))
        self._pieces.clear()

    def _open_section(self, heading: str, level: int, place: Place) -> None:
        self._flush()
        self._keep_loose_controls()
        self.sections.append(Section(heading, level, place))

    # The walk ---

    def _walk(self, root: LexborNode) -> None:
        """Every element in document order. A stack of our own, because portals nest deeper than Python calls may.

        It holds, for each open element: what follows it, the text that ends it, the place that continues after it where it had
        one of its own, and the place of what follows (`fixed`: nothing inside may change it).
        """
        stack: list[tuple[LexborNode | None, str, Place | None, Place, bool]] = []
        node, place, fixed, pieces = root.first_child, Place.MAIN, False, self._pieces
        before, steps = "html", self.steps
        while node is not None or stack:
            if node is None:
                node, after, back_to, place, fixed = stack.pop()
                pieces.append(after)
                if back_to is not None:
                    self._open_section("", 0, back_to)
                continue
            tag = node.tag or "-"
            if tag[0] == "-":
                if tag == "-text":
                    pieces.append(node.text_content or "")
                node = node.next
                continue
            attributes = node.attributes
            if tag in APART:
                self._apart(node, tag, attributes, place)
                node = node.next
                continue
            if attributes and self._hidden(attributes):
                node = node.next
                continue
            if tag not in INLINE:
                kind = f"{tag} {attributes['class']}" if "class" in attributes else tag
                steps.add((before, kind))
                before = kind
            here, inner_fixed = (place, True) if fixed else place_of(tag, attributes, place)
            if attributes or tag in TELLING:
                self._enter(node, tag, attributes, place, here)
            after = "\n" if tag in BLOCKS else "" if tag in INLINE else " "
            stack.append((node.next, after, place if here is not place else None, place, fixed))
            node, place, fixed = node.first_child if tag not in _CLOSED else None, here, inner_fixed

    def _enter(self, node: LexborNode, tag: str, attributes: Attributes, outside: Place, place: Place) -> None:
        """What an element says by itself, before anything in it is read."""
        if place is not outside:
            self._open_section("", 0, place)
        if tag in BLOCKS:
            self._pieces.append("\n")
        if tag in _COUNTED:
            section, counted = self.sections[-1], _COUNTED[tag]
            setattr(section, counted, getattr(section, counted) + 1)
        if attributes:
            self.mounted = self.mounted or is_mount(attributes)
            panel = self._panels.get(attributes.get("id") or "") if self._panels else None
            if panel:
                self._open_section(panel, 7, place)
        level = heading_level(node, tag) if tag in MAY_BE_HEADING else 0
        if level:
            self._heading(node, level, place, attributes)
        elif tag in self._readers:
            self._readers[tag](node, tag, attributes, place)
        if tag != "a" and "onclick" in attributes:
            self._onclick(node, attributes, place)

    def _apart(self, node: LexborNode, tag: str, attributes: Attributes, place: Place) -> None:
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

    def _hidden(self, attributes: Attributes) -> bool:
        """Whether an element is not shown; a panel that a button opens is as good as shown."""
        style = attributes.get("style")
        if "hidden" not in attributes and not (style and _HIDDEN_STYLE.search(style)):
            return False
        return (attributes.get("id") or "") not in self._panels

    def _heading(self, node: LexborNode, level: int, place: Place, attributes: Attributes) -> None:
        text = text_of(node)
        self._toggle(node, "", attributes, place)
        if text:
            self._open_section(text[:300], level, place)

    def _toggle(self, node: LexborNode, tag: str, attributes: Attributes, place: Place) -> None:
        """Remember that an element opens a panel elsewhere on the page, whose heading it is."""
        target = attributes.get("data-bs-target") or attributes.get("data-target") or attributes.get("aria-controls") or ""
        if not target and ("data-toggle" in attributes or "data-bs-toggle" in attributes):
            target = attributes.get("href") or ""
        identifier = target.rpartition("#")[2]
        text = text_of(node) if identifier else ""
        if text and len(text) < 200:
            self._panels.setdefault(identifier, text)

    def _button(self, node: LexborNode, tag: str, attributes: Attributes, place: Place) -> None:
        self._toggle(node, tag, attributes, place)
        if not text_of(node):  # drawn, and named for those who do not see it
            self._pieces.append(f"\n{attributes.get('aria-label') or attributes.get('title') or ''}\n")

    # Ways elsewhere ---

    def _add(self, url: str, text: str, place: Place, kind: str, target: str, context: str = "") -> None:
        if len(self.links) < _MAX_LINKS:
            self.links.append(
                Link(url, squeeze(text)[:300], place, len(self.sections) - 1, kind, target.strip()[:500], context[:200])
            )

    def _anchor(self, node: LexborNode, tag: str, attributes: Attributes, place: Place) -> None:
        target = attributes.get("href")
        click = _ONCLICK_URL.search(attributes.get("onclick") or "")
        self._toggle(node, tag, attributes, place)
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
        self._add(
            url, text, place, tag, target or "", self._neighbourhood.words_beside(node, text) if place is not Place.NAV else ""
        )

    def _onclick(self, node: LexborNode, attributes: Attributes, place: Place) -> None:
        click = _ONCLICK_URL.search(attributes.get("onclick") or "")
        if click:
            self._add(self._resolve(click.group(1)), text_of(node), place, "onclick", click.group(1))

    def _frame(self, tag: str, source: str, title: str, place: Place) -> None:
        url = self._resolve(source)
        if url:
            self.resources.append(("frame", url))
            self._add(url, title, place, tag, source)

    def _embedded(self, node: LexborNode, tag: str, attributes: Attributes, place: Place) -> None:
        self._frame(tag, attributes.get("src") or "", attributes.get("title") or "", place)

    def _image(self, node: LexborNode, tag: str, attributes: Attributes, place: Place) -> None:
        source = attributes.get("src") or attributes.get("data-src") or ""
        url = self._resolve(source) if not source.startswith("data:") else ""
        if url:
            words = attributes.get("alt") or attributes.get("title") or ""
            self._add(url, words, place, "image", source, self.sections[-1].heading)

    def _head_link(self, tag: str, attributes: Attributes) -> None:
        if tag == "meta":
            if (attributes.get("http-equiv") or "").lower() == "refresh":
                match = _REFRESH_URL.search(attributes.get("content") or "")
                if match:
                    self._add(self._resolve(match.group(1)), "", Place.MAIN, "refresh", match.group(1))
            return
        relations, target = (attributes.get("rel") or "").lower().split(), attributes.get("href") or ""
        if "canonical" in relations:
            self.canonical = self.canonical or self._resolve(target)
        if "alternate" in relations and target:
            title = attributes.get("title") or attributes.get("hreflang") or attributes.get("type") or ""
            self._add(self._resolve(target), title, Place.HEADER, "alternate", target)

    def _script(self, node: LexborNode, attributes: Attributes) -> None:
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

    def _control_met(self, node: LexborNode, tag: str, attributes: Attributes, place: Place) -> None:
        control = self._control(node, tag, attributes)
        if control:
            self._loose.append(control)

    def _control(self, node: LexborNode, tag: str, attributes: Attributes) -> Control | None:
        kind = (attributes.get("type") or "text").lower() if tag == "input" else tag
        if kind in _NO_TEXT_INPUTS:
            return None
        label = self._labels.get(attributes.get("id") or "", "")
        words = (label, attributes.get("placeholder"), attributes.get("aria-label"), attributes.get("title"), label_around(node))
        return Control(kind, attributes.get("name") or attributes.get("id") or "", squeeze(" ".join(w for w in words if w))[:200])

    def _form(self, node: LexborNode, tag: str, attributes: Attributes, place: Place) -> None:
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
