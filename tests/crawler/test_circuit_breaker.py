"""Hosts that fail are left alone, and nobody else is held up by them, on a clock that jumps."""

import asyncio
import random

from crawler.manners import BREAKS_AT, DOWN, FAULTY, FIRST_COOL_DOWN, LONGEST_COOL_DOWN, REMEMBERED
from tests.crawler.jumping import JumpingLoop, ask, play, polite


def test_failures_in_a_row_close_a_host_and_one_trial_opens_it_again() -> None:
    loop = JumpingLoop()
    manners = polite(loop, 0.0)

    async def story() -> None:
        closed = [await ask(manners, "h", "a", strain=DOWN) for _ in range(BREAKS_AT // DOWN)]
        assert closed == [False] * (len(closed) - 1) + [True]
        began = loop.time()
        assert await ask(manners, "h", "a") is None
        assert loop.time() == began, "at once"
        assert await ask(manners, "other", "a") is False, "its neighbours stay open"
        await asyncio.sleep(FIRST_COOL_DOWN)
        trial = asyncio.ensure_future(ask(manners, "h", "a", 5.0, strain=FAULTY))
        await asyncio.sleep(1)
        assert await ask(manners, "h", "a") is None, "one trial, not two"
        assert await trial is True
        await asyncio.sleep(FIRST_COOL_DOWN + 1)
        assert await ask(manners, "h", "a") is None, "a failed trial doubles the time"
        await asyncio.sleep(FIRST_COOL_DOWN)
        assert await ask(manners, "h", "a") is False
        assert await ask(manners, "h", "a") is False
        assert manners.strain("h") == 0

    play(story(), loop)


def test_a_trial_that_we_give_up_leaves_room_for_another() -> None:
    loop = JumpingLoop()
    manners = polite(loop, 0.0)

    async def story() -> None:
        while not await ask(manners, "h", "a", strain=DOWN):
            pass
        await asyncio.sleep(LONGEST_COOL_DOWN)
        turn = await manners.turn("h", "a")
        assert turn
        turn.end(None)
        assert await ask(manners, "h", "a") is False

    play(story(), loop)


def test_errors_between_good_answers_close_nothing() -> None:
    loop = JumpingLoop()
    manners = polite(loop, 0.0)

    async def story() -> None:
        for _ in range(50):
            assert await ask(manners, "h", "a", strain=DOWN) is False
            assert await ask(manners, "h", "a") is False

    play(story(), loop)


def test_visits_that_are_cut_off_while_they_wait_block_nobody() -> None:
    loop = JumpingLoop()
    manners = polite(loop, 5.0)
    dice = random.Random(7)

    async def story() -> None:
        waiting = [asyncio.ensure_future(ask(manners, f"h{number % 3}", "a", 3.0)) for number in range(30)]
        for number, task in enumerate(waiting):
            await asyncio.sleep(dice.random())
            if number % 2:
                task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        began = loop.time()
        assert await ask(manners, "h1", "a") is False
        assert loop.time() - began <= 5.0

    play(story(), loop)


def test_a_run_over_many_hosts_forgets_those_that_nothing_is_owed_to() -> None:
    loop = JumpingLoop()
    manners = polite(loop, 1.0)

    async def story() -> None:
        for number in range(3 * REMEMBERED):
            await ask(manners, f"h{number}", f"a{number}", 0.01)

    play(story(), loop)
    assert len(manners._hosts) <= REMEMBERED
    assert len(manners._addresses) <= REMEMBERED
