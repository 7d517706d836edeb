"""The subscribers against a scripted server, over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
from typing import Any

import pytest
from scripted import Exchange, ScriptedServer, event, frame, opened

from tailrace import (
    AsyncSubscriber,
    ChannelsChanged,
    ChannelsRefusedError,
    Event,
    EventTooLargeError,
    LostEventsError,
    Notice,
    ProtocolError,
    Reset,
    StateChange,
    Subscriber,
    SubscriptionError,
    SubscriptionRefusedError,
    TokenError,
    _connection,
)
from tailrace._answers import Backoff


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_connection, "Backoff", functools.partial(Backoff, first=0.001))


def stream(*frames: str) -> Any:
    return lambda exchange: exchange.stream(*frames)


def open_and_hang(*frames: str) -> Any:
    def step(exchange: Exchange) -> None:
        exchange.stream(opened("c0", "news:a"), *frames)
        exchange.hang()

    return step


def numbers(subscriber: Subscriber, count: int, **options: Any) -> list[Any]:
    with subscriber.events(["news:a"], **options) as events:
        return [next(events).data for _ in range(count)]


def test_a_subscription_resumes_at_its_cursor_when_it_is_cut_in_a_frame() -> None:
    cut = stream(opened("c0", "news:a"), event(1), event(2), event(3)[:-5])
    with ScriptedServer([cut, stream(opened("c2", "news:a"), event(3))]) as server:
        assert numbers(Subscriber(server.url, token="t"), 3, start="last:5") == [1, 2, 3]
        first, second = server.exchanges[:2]
        assert first.query == {"channels": "news:a", "start": "last:5", "heartbeat": "15", "refusal": "status"}
        assert first.headers["authorization"] == "Bearer t"
        assert "last-event-id" not in first.headers
        assert second.headers["last-event-id"] == "c2"


def test_a_frame_with_an_id_alone_moves_the_cursor_and_gives_no_event() -> None:
    with ScriptedServer([stream(opened("c0", "news:a"), event(1), "id: c5\n\n"), open_and_hang(event(6))]) as server:
        assert numbers(Subscriber(server.url), 2) == [1, 6]
        assert server.exchanges[1].headers["last-event-id"] == "c5"


def test_connect_returns_when_the_server_has_said_that_the_stream_is_open() -> None:
    with ScriptedServer([lambda e: e.problem(503, "unavailable"), open_and_hang(event(1))]) as server:
        notices: list[Notice] = []
        with Subscriber(server.url).events(["news:a"], on_notice=notices.append) as events:
            events.connect()
            assert notices[-1] == StateChange("open")
            assert events.cursor == "c0"
            assert next(events).data == 1
            assert events.connect() is events
        assert [n.state for n in notices if isinstance(n, StateChange)] == [
            "connecting", "waiting", "connecting", "open", "closed",
        ]  # fmt: skip


def test_a_channel_without_a_grant_is_named_or_left_out() -> None:
    def step(exchange: Exchange) -> None:
        if "logs:x" in exchange.query["channels"]:
            exchange.problem(403, "forbidden", ("channels", "logs:x"))
        else:
            exchange.stream(opened("c0", "news:a"), event(1))

    with ScriptedServer([step]) as server:
        channels = ["news:a", "logs:x"]
        with pytest.raises(ChannelsRefusedError) as refusal:
            next(Subscriber(server.url).events(channels))
        assert refusal.value.channels == {"logs:x": "forbidden"}

        notices: list[Notice] = []
        with Subscriber(server.url).events(channels, refused="skip", on_notice=notices.append) as events:
            assert next(events).data == 1
            assert events.channels == ("news:a",)
        assert ChannelsChanged(refused=(("logs:x", "forbidden"),)) in notices


def test_a_thousand_channels_are_one_request_and_one_more_is_refused_with_the_servers_words() -> None:
    names = [f"news:c{i}" for i in range(1001)]

    def step(exchange: Exchange) -> None:
        if len(exchange.query["channels"].split(",")) > 1000:
            exchange.problem(400, "too-many-channels", ("channels", "1001, at most 1000"))
        else:
            exchange.stream(opened("c0", *names[:1000]), event(1, names[999]))

    with ScriptedServer([step]) as server:
        with Subscriber(server.url).events(names[:1000]) as events:
            assert next(events).channel == names[999]
        with pytest.raises(SubscriptionRefusedError) as refusal:
            next(Subscriber(server.url).events(names))
        assert (refusal.value.type, len(server.exchanges)) == ("too-many-channels", 2)


def test_a_channel_that_is_revoked_is_told_and_the_others_go_on() -> None:
    revoked = frame("stream.channels", {"removed": [{"channel": "logs:x", "reason": "access_revoked"}]})
    with ScriptedServer([open_and_hang(revoked, event(1))]) as server:
        with Subscriber(server.url).events(["news:a", "logs:x"]) as events:
            with pytest.raises(ChannelsRefusedError, match="logs:x: access_revoked"):
                next(events)
            assert next(events).data == 1
            assert events.channels == ("news:a",)


def test_a_pattern_is_passed_on_and_the_servers_answer_is_raised() -> None:
    refuse = lambda e: e.problem(400, "validation", ("channels[0]", 'channel "logs:ws:*": expected parts'))  # noqa: E731
    with ScriptedServer([refuse]) as server:
        with pytest.raises(SubscriptionRefusedError) as refusal:
            next(Subscriber(server.url).events(["logs:ws:*"]))
        assert refusal.value.status == 400
        assert refusal.value.errors[0][0] == "channels[0]"
        assert server.exchanges[0].query["channels"] == "logs:ws:*"


def test_a_reset_that_stream_open_tells_is_told_once_and_survives_a_cut_behind_it() -> None:
    resetting = opened("g2.0", "news:a", resets={"news:a": "other_generation"})
    reset = frame("stream.reset", {"reason": "other_generation", "channels": [{"channel": "news:a"}]}, "g2.0")
    for frames in ([resetting, reset, event(1)], [resetting]):
        with ScriptedServer([stream(*frames), stream(opened("g2.0", "news:a"), event(1))]) as server:
            with Subscriber(server.url).events(["news:a"], cursor="g1.5") as events:
                with pytest.raises(LostEventsError) as lost:
                    next(events)
                assert lost.value.loss == Reset("other_generation", ("news:a",), "g2.0")
                assert next(events).data == 1


def test_a_page_of_html_is_raised_at_first_and_retried_once_the_stream_has_been_open() -> None:
    def html(exchange: Exchange) -> None:
        exchange.answer(200, "<h1>Welcome</h1>", Content_Type="text/html")

    with ScriptedServer([html, stream(opened("c0", "news:a")), html, stream(opened("c0", "news:a"), event(1))]) as server:
        with Subscriber(server.url).events(["news:a"]) as events:
            with pytest.raises(ProtocolError, match="text/html"):
                next(events)
            assert next(events).data == 1


def test_an_expired_token_is_renewed_by_its_callback_without_a_pause_or_a_hole() -> None:
    def step(exchange: Exchange) -> None:
        if exchange.headers["authorization"] == "Bearer t0":
            exchange.stream(opened("c0", "news:a"), event(1))
            exchange.stream(frame("stream.closing", {"reason": "token_expired", "reconnect": False}, "c1"))
        else:
            exchange.stream(opened("c1", "news:a"), event(2))

    tokens = iter(f"t{i}" for i in range(9))
    with ScriptedServer([step]) as server:
        assert numbers(Subscriber(server.url, token=lambda: next(tokens)), 2) == [1, 2]
        assert server.exchanges[1].headers["last-event-id"] == "c1"
        with Subscriber(server.url, token="t0").events(["news:a"]) as events:
            assert next(events).data == 1
            with pytest.raises(TokenError, match="callback"):
                next(events)


def test_a_refused_token_is_asked_for_once_more_and_then_raised() -> None:
    with ScriptedServer([lambda e: e.problem(401, "unauthorized")]) as server:
        with pytest.raises(SubscriptionRefusedError, match="401"):
            next(Subscriber(server.url, token=lambda: "t").events(["news:a"]))
        assert len(server.exchanges) == 2


def test_a_token_callback_that_raises_or_never_answers_is_told_and_later_retried() -> None:
    never, calls = threading.Event(), []

    def token() -> str:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("no network")
        if len(calls) in (2, 4):
            never.wait(30)
        return "t"

    with ScriptedServer([stream(opened("c0", "news:a")), open_and_hang(event(1))]) as server:
        with Subscriber(server.url, token=token, token_timeout=1.5).events(["news:a"]) as events:
            with pytest.raises(TokenError, match="RuntimeError: no network"):
                next(events)
            with pytest.raises(TokenError, match="within 1.5 s"):
                next(events)
            with pytest.raises(TokenError, match="within 1.5 s"):
                next(events)
            assert len(calls) == 2, "no second call while the first one has not ended"
            never.set()
            found = None
            while found is None:
                # The callback's thread may be slow to wake on a busy machine.
                with contextlib.suppress(TokenError):
                    found = next(events)
            assert found.data == 1


def test_a_silent_connection_is_given_up_by_the_watchdog() -> None:
    with ScriptedServer([open_and_hang(), stream(opened("c0", "news:a"), event(1))]) as server:
        reasons: list[str] = []
        notice = lambda n: reasons.append(getattr(n, "reason", ""))  # noqa: E731
        with Subscriber(server.url, heartbeat=1).events(["news:a"], on_notice=notice) as events:
            assert next(events).data == 1
        assert any("a proxy holds the stream back" in reason for reason in reasons)
        assert server.exchanges[0].query["heartbeat"] == "1"


def test_data_that_is_not_as_expected_is_told_and_passed_by() -> None:
    bad = frame("counted", "{not json", "c1") + frame("counted", {"channel": "news:a"}, "c2")
    with ScriptedServer([open_and_hang(bad, event(3))]) as server:
        with Subscriber(server.url).events(["news:a"]) as events:
            for cursor in ("c1", "c2"):
                with pytest.raises(ProtocolError, match="counted"):
                    next(events)
                assert events.cursor == cursor
            assert next(events).data == 3


def test_an_event_that_is_too_large_is_raised() -> None:
    with ScriptedServer([open_and_hang("data: " + "x" * 3000)]) as server:
        with pytest.raises(EventTooLargeError):
            next(Subscriber(server.url, max_event_bytes=1000).events(["news:a"]))


def test_a_stream_that_is_closed_for_good_is_raised() -> None:
    closing = frame("stream.closing", {"reason": "no_channels", "reconnect": False})
    with ScriptedServer([stream(opened("c0", "news:a"), closing)]) as server:
        with pytest.raises(SubscriptionError, match="no_channels"):
            next(Subscriber(server.url).events(["news:a"]))


def test_retry_after_is_waited_for() -> None:
    waits: list[float | None] = []
    busy = lambda e: e.problem(429, "too-many-streams", Retry_After="1")  # noqa: E731
    with ScriptedServer([busy, stream(opened("c0", "news:a"), event(1))]) as server:
        notice = lambda n: waits.append(getattr(n, "retry_in", None))  # noqa: E731
        with Subscriber(server.url).events(["news:a"], on_notice=notice) as events:
            assert next(events).data == 1
    assert max(wait or 0 for wait in waits) >= 1


def test_close_ends_an_iteration_that_waits_in_another_thread() -> None:
    with ScriptedServer([open_and_hang()]) as server:
        events = Subscriber(server.url).events(["news:a"]).connect()
        found: list[Event] = []
        thread = threading.Thread(target=lambda: found.extend(events))
        thread.start()
        events.close()
        thread.join(30)
        assert not thread.is_alive()
        assert found == []


def test_arguments_that_cannot_be_meant_are_refused_at_once() -> None:
    for url in ("localhost:8080", "ftp://x", "http://"):
        with pytest.raises(ValueError, match="HTTP|no URL"):
            Subscriber(url)
    subscriber = Subscriber("http://localhost")
    with pytest.raises(ValueError, match="list of channels"):
        subscriber.events("news:a")
    with pytest.raises(ValueError, match="at least one"):
        subscriber.events([])
    with pytest.raises(ValueError, match="line feed"):
        Subscriber("http://localhost", token="t\n")
    with pytest.raises(ValueError, match="heartbeat"):
        Subscriber("http://localhost", heartbeat=0).events(["news:a"])


def test_a_cancelled_wait_of_the_asynchronous_iterator_loses_nothing_and_keeps_the_connection() -> None:
    may_go_on = threading.Event()

    def step(exchange: Exchange) -> None:
        exchange.stream(opened("c0", "news:a"), event(1))
        may_go_on.wait(30)
        exchange.stream(event(2))
        exchange.hang()

    async def read() -> None:
        async with AsyncSubscriber(server.url).events(["news:a"]) as events:
            await events.connect()
            assert (await anext(events)).data == 1
            for _ in range(3):
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(anext(events), 0.02)
            may_go_on.set()
            assert (await anext(events)).data == 2

    with ScriptedServer([step]) as server:
        asyncio.run(read())
        assert len(server.exchanges) == 1


def test_aclose_ends_an_iteration_that_waits_in_another_task() -> None:
    async def read() -> None:
        events = AsyncSubscriber(server.url).events(["news:a"])
        await events.connect()
        waiting = asyncio.create_task(anext(events, None))
        await asyncio.sleep(0)
        await events.aclose()
        assert await waiting is None

    with ScriptedServer([open_and_hang()]) as server:
        asyncio.run(read())


def test_an_asynchronous_token_callback_that_never_answers_is_told() -> None:
    async def never() -> str:
        await asyncio.Event().wait()
        return ""

    async def read() -> None:
        async with AsyncSubscriber("http://127.0.0.1:1", token=never, token_timeout=0.02).events(["news:a"]) as events:
            with pytest.raises(TokenError, match="within"):
                await anext(events)

    asyncio.run(read())
