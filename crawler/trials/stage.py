"""Where trials are held: one settled page in Chromium, and the ways to ask it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession, Page

from ..settings import CrawlSettings

Ask = Callable[[str, float], Awaitable[Any]]
"""Evaluates an expression in a page, out of reach of its scripts, within so many seconds; promises are waited for."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A page that stands still. `ask` runs beside its scripts, in a world of our own that lasts as long as the document."""

    page: Page
    session: CDPSession
    ask: Ask
    settings: CrawlSettings


DESCRIBE = """const describe = element => {
  const step = one => one.localName + (one.id ? '#' + CSS.escape(one.id) : [...one.classList].slice(0, 2).map(name =>
    '.' + CSS.escape(name)).join(''));
  const path = [];
  for (let one = element; one && one !== document.body && path.length < 4; one = one.parentElement) {
    path.unshift(step(one));
    if (one.id) break;
  }
  return [path.join(' > '), element.outerHTML.slice(0, 300).toWellFormed()];
};"""
"""A function for the page: an element as Element has it, a short selector and the beginning of its markup."""
