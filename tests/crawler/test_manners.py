"""Pauses and slow-downs, on a clock that jumps instead of ticking."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from crawler.manners import DOWN, FAULTY, SLOWEST, Impression, Tempo
from tests.crawler.jumping import JumpingLoop, ask, play, polite

TINY = 1e-9


REQUESTS = st.lists(
    st.tuples(
        st.floats(0, 20),
        st.integers(0, 4),
        st.sampled_from([None, 0.0, 3.0, 12.0]),
        st.sampled_from([0.0, 0.2, 2.5, 9.0]),
        st.sampled_from(["fine", "busy", "later", "faulty", "lost"]),
    ),
    min_size=2,
    max_size=30,
)


@given(REQUESTS, st.sampled_from([0.0, 0.5, 2.0]), st.integers(1, 2), st.integers(1, 3))
@effort(max_examples=150, deadline=None)
def test_whatever_comes_together_no_host_and_no_address_is_asked_sooner_than_it_is_owed(
    requests: list[tuple[float, int, float | None, float, str]], delay: float, at_once: int, addresses: int
) -> None:
    loop = JumpingLoop()
    manners = polite(loop, delay, at_once)
    last: dict[str, float] = {}
    under_way: dict[str, int] = {}

    async def request(begin: float, number: int, crawl_delay: float | None, seconds: float, ending: str) -> None:
        await asyncio.sleep(begin)
        host, address = f"h{number}", f"a{number % addresses}"
        turn = await manners.turn(host, address, crawl_delay)
        if turn is None:
            return
        under_way[address] = under_way.get(address, 0) + 1
        assert under_way[address] <= at_once
        for name, tempo in ((host, manners._hosts[host].tempo), (address, manners._addresses[address].tempo)):
            assert turn.start - last.get(name, -1e9) >= max(tempo.pause, delay) - TINY
            assert turn.start >= tempo.hold - TINY
            last[name] = turn.start
        await asyncio.sleep(seconds)
        under_way[address] -= 1
        if ending == "lost":
            turn.end(None)
            return
        strain = {"fine": 0, "busy": FAULTY, "later": FAULTY, "faulty": DOWN}[ending]
        turn.end(Impression(strain, seconds, ending in ("busy", "later"), 7.0 if ending == "later" else 0.0))

    async def story() -> None:
        async with asyncio.TaskGroup() as together:
            for one in requests:
                together.create_task(request(*one))

    play(story(), loop)


def test_towns_on_one_address_share_its_pace_and_a_slow_one_does_not_hold_up_the_others() -> None:
    loop = JumpingLoop()
    manners = polite(loop)
    starts: dict[str, list[float]] = {"slow": [], "quick": []}

    async def visit(host: str, times: int, crawl_delay: float) -> None:
        for _ in range(times):
            turn = await manners.turn(host, "200.48.225.130", crawl_delay)
            assert turn
            starts[host].append(turn.start)
            turn.end(Impression(latency=0.1))

    async def story() -> None:
        await asyncio.gather(visit("slow", 4, 10.0), visit("quick", 25, 0.0))

    play(story(), loop)
    everything = sorted(starts["slow"] + starts["quick"])
    assert min(b - a for a, b in pairwise(everything)) >= 1.0 - TINY
    assert min(b - a for a, b in pairwise(starts["slow"])) >= 10.0 - TINY
    assert everything[-1] - everything[0] <= 32.0


def test_first_come_is_first_served() -> None:
    loop = JumpingLoop()
    manners, served = polite(loop), []

    async def one(number: int) -> None:
        await ask(manners, "h", "a", 0.5)
        served.append(number)

    async def story() -> None:
        await asyncio.gather(*map(one, range(20)))

    play(story(), loop)
    assert served == list(range(20))


def test_a_host_that_names_a_time_is_left_alone_until_then_and_its_neighbours_are_only_slowed_down() -> None:
    loop = JumpingLoop()
    manners = polite(loop)

    async def story() -> None:
        await ask(manners, "busy", "a", 0.1, strain=FAULTY, busy=True, retry_after=25.0)
        asked = loop.time()
        await ask(manners, "neighbour", "a")
        assert 1.8 <= loop.time() - asked <= 2.0
        await ask(manners, "busy", "a")
        assert loop.time() - asked >= 25.0 - TINY

    play(story(), loop)


def test_a_host_that_asks_for_more_than_a_minute_is_closed_for_that_long() -> None:
    loop = JumpingLoop()
    manners = polite(loop)

    async def story() -> None:
        assert await ask(manners, "h", "a", strain=FAULTY, busy=True, retry_after=600.0)
        assert await ask(manners, "h", "a") is None
        await asyncio.sleep(599)
        assert await ask(manners, "h", "a") is None
        await asyncio.sleep(2)
        assert await ask(manners, "h", "a") is False

    play(story(), loop)


def test_a_host_that_becomes_slow_is_asked_less_often_and_one_that_recovers_more_often_again() -> None:
    tempo = Tempo(owed=1.0)
    for _ in range(20):
        tempo.heard(0.2)
    assert tempo.pause == 1.0
    pauses = []
    for _ in range(30):
        tempo.heard(4.0)
        pauses.append(tempo.pause)
    assert pauses == sorted(pauses)
    assert 8.0 <= pauses[-1] <= SLOWEST
    fallen = []
    for _ in range(60):
        tempo.heard(0.2)
        fallen.append(tempo.pause)
    assert fallen[0] > 4.0, "recovery is slow"
    assert fallen[-1] == 1.0, "but complete"


def test_a_host_that_was_always_slow_gets_as_much_rest_as_it_took_to_answer() -> None:
    tempo = Tempo(owed=1.0)
    for _ in range(10):
        tempo.heard(5.0)
    assert tempo.pause == pytest.approx(10.0)


def test_a_pause_of_zero_is_kept_until_the_host_itself_asks_for_more() -> None:
    tempo = Tempo()
    tempo.heard(0.1)
    for _ in range(9):
        tempo.heard(8.0)
    assert tempo.pause == 0.0
    tempo.slow_down()
    assert tempo.pause == 1.0
    tempo.slow_down()
    assert tempo.pause == 2.0
    for _ in range(60):
        tempo.heard(0.1)
    assert tempo.pause == 0.0


@given(st.lists(st.one_of(st.floats(0, 1e6), st.none()), max_size=60), st.floats(0, 120))
def test_no_pause_is_shorter_than_owed_or_longer_than_a_minute_by_itself(latencies: list[float | None], owed: float) -> None:
    tempo = Tempo(owed=owed)
    for latency in latencies:
        if latency is None:
            tempo.slow_down()
        else:
            tempo.heard(latency)
        assert owed <= tempo.pause <= max(owed, SLOWEST)
