"""What a page declares of itself: title, language, description, versions in other languages, structured data, what it plays."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from audits.text import squeeze
from crawler.capture import Media, PageFacts

_MOST_TYPES, _DEEPEST = 60, 12
_TRACKS = frozenset({"captions", "subtitles", ""})
"""Kinds of tracks that say what is heard; HTML takes a track without a kind for subtitles."""


def read_head(tree: LexborHTMLParser, html: str, facts: PageFacts, resolve: Callable[[str], str]) -> None:
    """Set what a page declares. What is rare is looked for in the tree only where the source holds its mark."""
    root = tree.css_first("html")
    if root is not None:
        facts.language = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "").strip().lower().split("-")[0]
    title = tree.css_first("head title") or tree.css_first("title")
    facts.title = squeeze(title.text()) if title is not None else ""
    for node in tree.css("meta[name][content]"):
        name = (node.attributes.get("name") or "").strip().lower()
        if name in ("description", "generator", "viewport"):
            setattr(facts, name, squeeze(node.attributes.get("content") or ""))
    if "hreflang" in html:
        facts.alternates = tuple(dict.fromkeys(_alternates(tree, resolve)))
    if "ld+json" in html or "itemtype" in html or "typeof" in html:
        facts.structured = tuple(sorted(set(_structured(tree))))[:_MOST_TYPES]
    if "<video" in html or "<audio" in html:
        facts.media = tuple(_media(node, resolve) for node in tree.css("video, audio"))


def _alternates(tree: LexborHTMLParser, resolve: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    for node in tree.css("link[hreflang], a[hreflang]"):
        language = (node.attributes.get("hreflang") or "").strip().lower()
        url = resolve(node.attributes.get("href") or "")
        if language and language != "x-default" and url:
            yield language, url


def _structured(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css('script[type*="ld+json"]'):
        try:
            data = json.loads(node.text() or "null")
        except (ValueError, RecursionError):
            continue
        for name in _types(data, _DEEPEST):
            yield _last_part(name)
    for node in tree.css("[itemtype], [typeof]"):
        for name in f"{node.attributes.get('itemtype') or ''} {node.attributes.get('typeof') or ''}".split():
            yield _last_part(name)


def _types(data: Any, depth: int) -> Iterator[str]:
    """Every `@type` in JSON-LD, at any depth that people write."""
    if depth == 0:
        return
    if isinstance(data, dict):
        named = data.get("@type")
        yield from (name for name in (named if isinstance(named, list) else [named]) if isinstance(name, str))
        for value in data.values():
            yield from _types(value, depth - 1)
    elif isinstance(data, list):
        for value in data:
            yield from _types(value, depth - 1)


def _last_part(name: str) -> str:
    return name.replace("#", "/").replace(":", "/").rstrip("/").rsplit("/", 1)[-1]


def _media(node: LexborNode, resolve: Callable[[str], str]) -> Media:
    source = node.attributes.get("src") or next((s.attributes.get("src") or "" for s in node.css("source[src]")), "")
    captions = any((track.attributes.get("kind") or "").lower() in _TRACKS for track in node.css("track"))
    return Media(node.tag or "", resolve(source) if source else "", captions, "autoplay" in node.attributes)
