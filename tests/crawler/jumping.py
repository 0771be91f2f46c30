"""A clock that jumps instead of ticking: hours of good manners take no time."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any

from crawler.manners import Impression, Manners
from crawler.settings import CrawlSettings


class JumpingSelector(selectors.SelectSelector):
    """Waits for nothing: the time that the loop would sleep is over at once."""

    now = 1000.0

    def select(self, timeout: float | None = None) -> Any:
        self.now += timeout or 0.0
        return []


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop on such a clock."""

    def __init__(self) -> None:
        self.clock = JumpingSelector()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now


def play(story: Coroutine[Any, Any, None], loop: JumpingLoop) -> None:
    """Run a story to its end, with no time lost."""
    try:
        loop.run_until_complete(story)
    finally:
        loop.close()


def polite(loop: JumpingLoop, delay: float = 1.0, at_once: int = 1) -> Manners:
    return Manners(CrawlSettings(delay_seconds=delay, per_host_concurrency=at_once), loop.time)


async def ask(manners: Manners, host: str, address: str, seconds: float = 0.0, **impression: Any) -> bool | None:
    """One request that takes so long: None where it was not allowed, else whether it closed the host."""
    turn = await manners.turn(host, address)
    if turn is None:
        return None
    await asyncio.sleep(seconds)
    return turn.end(Impression(latency=seconds, **impression))
