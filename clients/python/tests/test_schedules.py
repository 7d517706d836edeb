"""Every event once and in order, or the loss is told: seeded schedules of cuts, refusals, ends of tokens, gaps and resets.

SCHEDULES=1000 pytest tests/test_schedules.py runs more of them; a failure names its seed.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import os
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fake_edge import CHANNELS, LAST, FakeEdge

from tailrace import _connection
from tailrace._answers import Backoff
from tailrace import AsyncSubscriber, Event, Gap, LostEventsError, Reset, Subscriber

SCHEDULES = int(os.environ.get("SCHEDULES", "50"))
Item = Event | Gap | Reset


@pytest.fixture(autouse=True)
def quick_and_quiet(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.CRITICAL, "tailrace")
    monkeypatch.setattr(_connection, "Backoff", functools.partial(Backoff, first=0.001, most=0.002))


def check(edge: FakeEdge, items: list[Item]) -> None:
    """Compares what a program was given with the log. ``told`` is whether a loss was told since the last event."""
    generation, offset, told = 0, 0, True
    for item in items:
        if not isinstance(item, Event):
            told = True
            continue
        its_generation, its_offset = map(int, item.id.split("."))
        if its_generation != generation:
            assert its_generation > generation and told, f"generation {its_generation} began without a word"
            generation, offset = its_generation, its_offset
        assert its_offset >= offset, f"offset {its_offset} twice or out of order"
        missed = [channel for channel in edge.logs[generation][offset:its_offset] if channel in CHANNELS]
        assert told or not missed, f"{len(missed)} events before offset {its_offset} are missing without a word"
        offset, told = its_offset + 1, False
    assert isinstance(items[-1], Event) and items[-1].type == LAST


def yielding(edge: FakeEdge) -> Iterator[Item]:
    subscriber = Subscriber("http://edge", token=edge.token, http=httpx.Client(transport=edge))
    yield from subscriber.events(CHANNELS, start="earliest", lost="yield")


def raising(edge: FakeEdge) -> Iterator[Item]:
    stream = Subscriber("http://edge", token=edge.token, http=httpx.Client(transport=edge)).events(
        CHANNELS, start="earliest"
    )
    while True:
        try:
            for event in stream:
                assert stream.cursor == event.cursor
                yield event
        except LostEventsError as lost:
            yield lost.loss


def resuming(edge: FakeEdge) -> Iterator[Item]:
    """A program that begins anew at the cursor that it has stored, again and again."""
    subscriber = Subscriber("http://edge", token=edge.token, http=httpx.Client(transport=edge))
    cursor = None
    while True:
        with subscriber.events(CHANNELS, start="earliest", cursor=cursor, lost="yield") as stream:
            for i, item in enumerate(stream):
                cursor = item.cursor
                yield item
                if i == 7:
                    break


async def asynchronous(edge: FakeEdge) -> AsyncIterator[Item]:
    client = httpx.AsyncClient(transport=edge)
    stream = AsyncSubscriber("http://edge", token=edge.async_token, http=client).events(
        CHANNELS, start="earliest", lost="yield"
    )
    async for item in stream:
        yield item


def until_last(items: Iterator[Item]) -> list[Item]:
    found: list[Item] = []
    for item in items:
        found.append(item)
        if isinstance(item, Event) and item.type == LAST:
            break
    return found


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_every_event_is_given_once_and_in_order_or_its_loss_is_told(seed: int) -> None:
    for read in (yielding, raising, resuming):
        edge = FakeEdge(seed)
        check(edge, until_last(read(edge)))


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_the_asynchronous_subscriber_gives_the_same(seed: int) -> None:
    async def read() -> list[Item]:
        found: list[Item] = []
        async for item in asynchronous(edge):
            found.append(item)
            if isinstance(item, Event) and item.type == LAST:
                break
        return found

    edge = FakeEdge(seed)
    check(edge, asyncio.run(read()))


def test_the_schedules_have_gaps_and_resets_and_many_connections() -> None:
    edges = [FakeEdge(seed) for seed in range(20)]
    for edge in edges:
        until_last(yielding(edge))
    assert sum(edge.gaps for edge in edges) > 5
    assert sum(edge.resets for edge in edges) > 5
    assert sum(edge.connections for edge in edges) > 200
