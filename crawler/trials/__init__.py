"""What a page is put through in a real browser, one trial after the other."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from playwright.async_api import Error

from ..capture import Seen
from .focus import try_focus
from .keyboard import try_keyboard
from .media import try_media
from .motion import try_motion, watch_motion
from .shortcuts import try_shortcuts
from .spacing import try_spacing
from .stage import Stage
from .tree import try_tree
from .window import try_window

__all__ = ["HANDS_ON", "LOOKS", "Stage", "try_out"]

Trial = Callable[[Stage], Awaitable[Seen]]
"""Gives its part of what was seen. Raises playwright's Error or TimeoutError where nothing sound can be said."""

LOOKS: tuple[Trial, ...] = (try_tree, watch_motion, try_media)
"""Trials that leave the page as it is."""
HANDS_ON: tuple[Trial, ...] = (try_spacing, try_window, try_keyboard, try_focus, try_shortcuts, try_motion)
"""Trials that handle the page as a person would; each leaves it so that the next one finds what it needs."""


async def try_out(stage: Stage, trials: tuple[Trial, ...]) -> Seen:
    """All that the trials show within `try_seconds`; what cannot be tried lacks. Never raises."""
    seen = Seen()
    with suppress(TimeoutError):
        async with asyncio.timeout(stage.settings.try_seconds):
            for trial in trials:
                with suppress(Error, TimeoutError):  # one that gets no answer takes no other along
                    seen = joined(seen, await trial(stage))
    return seen


def joined(seen: Seen, more: Seen) -> Seen:
    """Both together: lists one after the other, a part that only one has from that one."""
    return Seen(
        weight=more.weight or seen.weight,
        reflow=more.reflow or seen.reflow,
        keyboard=more.keyboard or seen.keyboard,
        checks=seen.checks + more.checks,
        voiced=seen.voiced + more.voiced,
        passages=seen.passages + more.passages,
    )
