"""Pages of a channel's past against a scripted server, and the past and the stream as one sequence."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable
from typing import Any

import pytest
from scripted import Exchange, ScriptedServer, event, opened

from tailrace import (
    AsyncSubscriber,
    Event,
    Gap,
    HistoryError,
    HistoryPage,
    HistoryRefusedError,
    LostEventsError,
    ProtocolError,
    Reset,
    Subscriber,
    TokenError,
    Unreadable,
    _connection,
    _history,
)
from tailrace._answers import Backoff

CHANNEL = "news:a"
Read = Callable[..., HistoryPage]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_connection, "Backoff", functools.partial(Backoff, first=0.001))
    monkeypatch.setattr(_history, "Backoff", functools.partial(Backoff, first=0.001, most=0.001, most_asked=0.001))


@pytest.fixture(params=["sync", "async"])
def read(request: pytest.FixtureRequest) -> Read:
    """``history`` of the one subscriber or the other."""

    def sync(url: str, token: Any = "t", **options: Any) -> HistoryPage:
        return Subscriber(url, token=token).history(CHANNEL, **options)

    def asynchronous(url: str, token: Any = "t", **options: Any) -> HistoryPage:
        async def given() -> Any:
            return token()

        return asyncio.run(AsyncSubscriber(url, token=given if callable(token) else token).history(CHANNEL, **options))

    return sync if request.param == "sync" else asynchronous


def page(numbers: list[int], next: str | None, position: str, **more: Any) -> Callable[[Exchange], None]:
    events = [
        {"id": f"c{n}", "event": "counted", "data": {"channel": CHANNEL, "id": str(n), "time": "2026-01-01T00:00:00Z", "data": n}}
        for n in numbers
    ]
    body = json.dumps({"events": events, "next": next, "position": position, **more})
    return lambda exchange: exchange.answer(200, body, Content_Type="application/json")


def told(items: Any) -> list[Any]:
    """The data of events, and the types of what is none."""
    return [item.data if isinstance(item, Event) else type(item) for item in items]


def test_pages_are_asked_for_until_there_are_as_many_events_as_wanted(read: Read) -> None:
    with ScriptedServer([page([9, 8], "p8", "c9"), page([], "p4", "x"), page([3], "p3", "x")]) as server:
        found = read(server.url, limit=3)
        assert (told(found.items), found.next, found.position) == ([9, 8, 3], "p3", "c9")
        assert [e.query for e in server.exchanges] == [
            {"limit": "3"},
            {"limit": "1", "before": "p8"},
            {"limit": "1", "before": "p4"},
        ]
        assert server.exchanges[0].path == "/channels/news:a/events"
        assert server.exchanges[0].headers["authorization"] == "Bearer t"
        assert found.items[0] == Event(CHANNEL, "counted", 9, "9", "2026-01-01T00:00:00Z", "c9")


def test_forwards_the_last_page_has_the_position_and_losses_stand_at_their_place(read: Read) -> None:
    lost = {"from": 0, "to": 5, "lost": 5}
    steps = [page([1], "p1", "p1", gap=lost), page([2], None, "end", reset={"reason": "truncated"})]
    with ScriptedServer(steps) as server:
        found = read(server.url, after="earliest")
        assert told(found.items) == [Gap, 1, Reset, 2]
        assert (found.next, found.position) == (None, "end")
        assert server.exchanges[1].query == {"limit": "99", "after": "p1"}


def test_what_passes_is_tried_again_and_a_token_is_asked_for_anew_once(read: Read) -> None:
    tokens = iter(["old", "new", "new"])
    steps = [lambda e: e.problem(401, "unauthorized"), lambda e: e.problem(503, "unavailable"), page([1], None, "c1")]
    with ScriptedServer(steps) as server:
        assert told(read(server.url, lambda: next(tokens)).items) == [1]
        assert [e.headers["authorization"] for e in server.exchanges] == ["Bearer old", "Bearer new", "Bearer new"]


def test_refusals_and_what_does_not_pass_in_time_are_raised(read: Read) -> None:
    def fail() -> str:
        raise RuntimeError("no token today")

    with ScriptedServer([lambda e: e.problem(403, "forbidden")]) as server:
        with pytest.raises(HistoryRefusedError) as refused:
            read(server.url)
        assert (refused.value.status, refused.value.type) == (403, "forbidden")
    with ScriptedServer([lambda e: e.problem(503, "unavailable")]) as server:
        with pytest.raises(HistoryError, match="503 unavailable"):
            read(server.url, retry_for=0.01)
        with pytest.raises(TokenError, match="no token today"):
            read(server.url, fail, retry_for=0.01)
    with ScriptedServer([lambda e: e.answer(200, "<html>")]) as server, pytest.raises(ProtocolError, match="no page"):
        read(server.url)
    with pytest.raises(HistoryError):
        read("http://127.0.0.1:9", retry_for=0.01)
    with pytest.raises(ValueError, match="limit"):
        read("http://127.0.0.1:9", limit=0)
    with pytest.raises(ValueError, match="one of them"):
        read("http://127.0.0.1:9", before="a", after="b")


def test_what_is_not_json_is_told_and_the_rest_is_there(read: Read) -> None:
    body = json.dumps({"events": [{"id": "c1", "event": "x", "data": '{"chan'}], "next": None, "position": "c1"})
    with ScriptedServer([lambda e: e.answer(200, body)]) as server:
        assert read(server.url).items == (Unreadable(CHANNEL, '{"chan', "c1"),)


def live(exchange: Exchange) -> None:
    exchange.stream(opened("c3", CHANNEL), event(4), event(5))
    exchange.hang()


def test_the_past_and_the_stream_are_one_sequence() -> None:
    with ScriptedServer([page([3, 2], "p2", "c3"), live]) as server:
        with Subscriber(server.url).follow(CHANNEL, last=2) as events:
            assert [next(events).data, events.cursor] == [2, "c2"]
            assert [next(events).data for _ in range(3)] == [3, 4, 5]
        assert server.exchanges[0].query == {"limit": "2"}
        assert server.exchanges[1].headers["last-event-id"] == "c3"


def test_with_asyncio_the_same() -> None:
    async def main(url: str) -> list[int]:
        async with await AsyncSubscriber(url).follow(CHANNEL, last=2) as events:
            return [(await anext(events)).data for _ in range(4)]

    with ScriptedServer([page([3, 2], "p2", "c3"), live]) as server:
        assert asyncio.run(main(server.url)) == [2, 3, 4, 5]
        assert server.exchanges[1].headers["last-event-id"] == "c3"


def test_losses_of_the_past_are_raised_at_their_place_and_iterating_goes_on() -> None:
    lost = {"from": 0, "to": 5, "lost": 5}
    with ScriptedServer([page([3], "p3", "c3"), page([], None, "x", gap=lost), live]) as server:
        with Subscriber(server.url).follow(CHANNEL) as events:
            with pytest.raises(LostEventsError):
                next(events)
            assert [next(events).data for _ in range(2)] == [3, 4]
