"""How long hosts and addresses are left in peace: pauses, slow-downs, and a circuit breaker. One for all visits of a run.

Pauses are counted from the start of one request to the start of the next. Each request waits for its host and for its address:
hundreds of towns live on one server, and what one of them asks for is not asked of the others.
"""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from .settings import CrawlSettings

SLOWEST = 60.0
"""Seconds beyond which no pause grows by itself; a person's own setting may be longer."""
LONGEST_HOLD = 60.0
"""Seconds that a host may ask us to wait (Retry-After) and be waited for; one that asks for more is closed for that long."""
LONGEST_CLOSED = 3600.0
BUSY_PAUSE = 1.0
"""Seconds of the shortest pause after "too many requests", doubled each time."""

SLUGGISH = 1.0
"""Seconds to an answer from which a host counts as slow: it is then left alone for as long as it took to answer, at least."""
RISING = 2.0
"""How many times its usual latency means that a host is under strain."""
GROWTH, RECOVERY, SMALLEST = 1.5, 0.9, 0.05
SMOOTHING, FALL, RISE = 0.3, 0.3, 0.02
"""Weights of a new latency: in the smoothed one, and in the usual one, which falls fast and rises slowly."""

DOWN, FAULTY = 2, 1
"""How hard a failure weighs: nothing answered; something answered, with an error of the server."""
BREAKS_AT = 10
FIRST_COOL_DOWN, LONGEST_COOL_DOWN = 60.0, 900.0
REMEMBERED = 4096


class Impression(NamedTuple):
    """What one request told of its host: `strain` is 0, FAULTY or DOWN; `latency` in seconds until it answered (0: it did not).

    `busy`: it asked for fewer requests (429, 503), and to wait for `retry_after` seconds.
    """

    strain: int = 0
    latency: float = 0.0
    busy: bool = False
    retry_after: float = 0.0


@dataclass(slots=True)
class Tempo:
    """The pace owed to one host or address. `owed` is what we or it demand in any case; all times are in seconds.

    `hold` is the end of a rest of `rest` seconds, which is given once.
    """

    owed: float = 0.0
    extra: float = 0.0
    hold: float = -math.inf
    rest: float = 0.0
    last: float = -math.inf
    usual: float = 0.0
    latency: float = 0.0

    @property
    def pause(self) -> float:
        """The shortest time between the starts of two requests. Who chose no pause at all only gives what is asked for."""
        slow = 2 * self.latency if self.owed and self.latency > SLUGGISH else 0.0
        return max(self.owed, min(max(self.extra, slow), SLOWEST))

    @property
    def earliest(self) -> float:
        """When the next request may start."""
        return max(self.last + self.pause, self.hold)

    def heard(self, latency: float) -> None:
        """An answer came after so many seconds: slow down where that is much longer than usual, else recover."""
        if not self.usual:
            self.usual = self.latency = latency
        self.latency += SMOOTHING * (latency - self.latency)
        self.usual += (FALL if latency < self.usual else RISE) * (latency - self.usual)
        if self.owed and self.latency > max(SLUGGISH, RISING * self.usual):
            self.extra = min(max(self.extra * GROWTH, self.latency), SLOWEST)
        else:
            self.extra = self.extra * RECOVERY if self.extra * RECOVERY > max(self.owed, SMALLEST) else 0.0

    def slow_down(self) -> None:
        """Fewer requests were asked for."""
        self.extra = min(max(2 * self.pause, BUSY_PAUSE), SLOWEST)

    def spare(self, now: float, seconds: float) -> None:
        """Nothing for so many seconds."""
        self.hold, self.rest = max(self.hold, now + seconds), max(self.rest, seconds)

    def begin(self, now: float) -> float:
        """A request starts. The pause that was owed before it."""
        owed, self.rest, self.last = max(self.pause, self.rest), 0.0, now
        return owed


@dataclass(slots=True)
class Fuse:
    """The circuit breaker of a host: blown by failures in a row, it lets one trial through after each cool-down."""

    strain: int = 0
    closed_until: float = -math.inf
    cool_down: float = FIRST_COOL_DOWN
    trying: bool = False

    def admits(self, now: float) -> bool:
        """Whether a request may be made."""
        return now >= self.closed_until and not self.trying

    def begin(self) -> None:
        """A request starts: on a fuse that has blown it is the one trial."""
        self.trying = self.strain >= BREAKS_AT

    def end(self, strain: int, now: float) -> bool:
        """A request ended. True where it blew the fuse."""
        self.trying = False
        if not strain:
            self.strain, self.cool_down = 0, FIRST_COOL_DOWN
            return False
        known, self.strain = self.strain, min(self.strain + strain, BREAKS_AT)
        if self.strain < BREAKS_AT or now < self.closed_until:
            return False
        if known >= BREAKS_AT:
            self.cool_down = min(2 * self.cool_down, LONGEST_COOL_DOWN)
        self.closed_until = now + self.cool_down
        return True

    def close(self, until: float) -> bool:
        """The host itself asks to be left alone. True where that is news."""
        news = until > self.closed_until
        self.closed_until = max(until, self.closed_until)
        return news


@dataclass(slots=True)
class _Host:
    tempo: Tempo
    fuse: Fuse = field(default_factory=Fuse)
    door: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True)
class _Address:
    tempo: Tempo
    room: asyncio.Semaphore
    under_way: int = 0


Known = TypeVar("Known", _Host, _Address)


class Turn:
    """Leave for one request, from `start` on (the clock's seconds). `owed` is the pause that was due before it. End it once."""

    __slots__ = ("_address", "_clock", "_host", "owed", "start")

    def __init__(self, host: _Host, address: _Address, clock: Callable[[], float]) -> None:
        self._host, self._address, self._clock = host, address, clock
        self.start = clock()
        self.owed = max(host.tempo.begin(self.start), address.tempo.begin(self.start))
        host.fuse.begin()
        address.under_way += 1

    def end(self, impression: Impression | None) -> bool:
        """The request is over, with this impression (None: it was given up by us). True where it closed the host."""
        host, address = self._host, self._address
        address.under_way -= 1
        address.room.release()
        if impression is None:
            host.fuse.trying = False
            return False
        now = self._clock()
        closed = host.fuse.end(impression.strain, now)
        if impression.busy:
            for tempo in (host.tempo, address.tempo):
                tempo.slow_down()
            if impression.retry_after <= LONGEST_HOLD:
                host.tempo.spare(now, impression.retry_after)
            else:
                closed |= host.fuse.close(now + min(impression.retry_after, LONGEST_CLOSED))
        elif impression.latency:
            for tempo in (host.tempo, address.tempo):
                tempo.heard(impression.latency)
        return closed


class Manners:
    """Gives leave, one request after the other. `clock` counts seconds, as the event loop's timers do."""

    def __init__(self, settings: CrawlSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause = settings.pause
        self._at_once = settings.per_host_concurrency
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._addresses: dict[str, _Address] = {}

    async def turn(self, host: str, address: str, crawl_delay: float | None = None) -> Turn | None:
        """Wait until a request to `host` at `address` may start; None, at once, where the host is closed.

        `crawl_delay` (seconds) is what its robots.txt demands, None while that is not known. First come, first served.
        """
        mine, shared = self._host(host), self._address(address)
        if crawl_delay is not None:
            mine.tempo.owed = max(self._pause, crawl_delay)
        if not mine.fuse.admits(self._clock()):
            return None
        async with mine.door:
            while True:
                await self._until(mine.tempo)
                await shared.room.acquire()
                try:
                    await self._until(shared.tempo)
                    if not mine.fuse.admits(self._clock()):
                        shared.room.release()
                        return None
                    if mine.tempo.earliest <= self._clock():
                        return Turn(mine, shared, self._clock)
                except BaseException:
                    shared.room.release()
                    raise
                shared.room.release()

    def strain(self, host: str) -> int:
        """How heavy the failures in a row weigh that the host shows at present."""
        return self._host(host).fuse.strain

    def spare(self, host: str, seconds: float) -> None:
        """Ask nothing of a host for so many seconds."""
        self._host(host).tempo.spare(self._clock(), seconds)

    async def _until(self, tempo: Tempo) -> None:
        """Sleep until a pause is over, also when it grows meanwhile: timers may be early by a millisecond, requests may not."""
        while (wait := tempo.earliest - self._clock()) > 0:
            await asyncio.sleep(wait)

    def _host(self, name: str) -> _Host:
        known = self._hosts.get(name)
        if known is None:
            _forget(self._hosts, lambda host: not host.door.locked() and host.fuse.admits(self._clock()), self._clock())
            known = self._hosts[name] = _Host(Tempo(self._pause))
        return known

    def _address(self, name: str) -> _Address:
        known = self._addresses.get(name)
        if known is None:
            _forget(self._addresses, lambda address: not address.under_way and not address.room.locked(), self._clock())
            known = self._addresses[name] = _Address(Tempo(self._pause), asyncio.Semaphore(self._at_once))
        return known


def _forget(known: dict[str, Known], idle: Callable[[Known], bool], now: float) -> None:
    """Drop what is not in use and owes nothing any more, so that a run over many hosts does not grow."""
    if len(known) >= REMEMBERED:
        for name in [name for name, one in known.items() if idle(one) and one.tempo.earliest < now]:
            del known[name]
