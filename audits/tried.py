"""What trying pages out in a browser says of them; None where it says nothing."""

from collections.abc import Mapping
from typing import Any

from crawler.capture import Element, Page

BITS_PER_MEGABIT, BITS_PER_BYTE = 1_000_000, 8


def is_light(page: Page, asked: Mapping[str, Any]) -> bool | None:
    """Whether all that the page fetches would come within `seconds` at so many `megabits` a second.

    Before the bytes flow there are `round_trips` of `round_trip` seconds each. Of a page that was not seen whole only the
    opposite can be known.
    """
    weight = page.seen.weight if page.seen else None
    if weight is None:
        return None
    waiting = asked["round_trips"] * asked["round_trip"]
    light: bool = waiting + weight.bytes * BITS_PER_BYTE / (asked["megabits"] * BITS_PER_MEGABIT) <= asked["seconds"]
    return None if light and not weight.whole else light


def fits_narrow(page: Page, asked: Mapping[str, Any]) -> bool | None:
    """Whether nothing sticks out of a window of 320 CSS px by more than `px`."""
    reflow = page.seen.reflow if page.seen else None
    return None if reflow is None else bool(reflow.overflow <= asked["px"])


def obeys_keyboard(page: Page, asked: Mapping[str, Any]) -> bool | None:
    """Whether the Tab key reaches the share `reach` of what a mouse can operate, and is nowhere trapped."""
    keyboard = page.seen.keyboard if page.seen else None
    if keyboard is None or not (keyboard.operable or keyboard.trapped):
        return None
    return not keyboard.trapped and keyboard.reached >= asked["reach"] * keyboard.operable - 1e-9


def elements(page: Page, having: str) -> tuple[Element, ...]:
    """The elements by which a page lacks the quality."""
    if page.seen and having == "reflow" and page.seen.reflow:
        return page.seen.reflow.wide
    if page.seen and having == "keyboard" and page.seen.keyboard:
        return page.seen.keyboard.unreached
    return ()
