"""The publishers against a scripted server, over real sockets."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from scripted import Exchange, ScriptedServer

from tailrace import (
    AsyncSSEPublisher,
    BufferFullError,
    PublishError,
    PublisherClosedError,
    PublishRefusedError,
    SSEPublisher,
    TailraceHandler,
)

ACCEPT = Exchange.accept


def bodies(server: ScriptedServer) -> list[Any]:
    return [json.loads(exchange.body) for exchange in server.exchanges]


def test_the_shortcuts_publish_on_the_channels_of_service_teams() -> None:
    with ScriptedServer([ACCEPT]) as server:
        with SSEPublisher(server.url, "secret", "l5-etl-service") as sse:
            published = sse.publish_log("workspace123", "workflow456", {"level": "INFO", "message": "ETL"}).result(30)
            sse.publish_metric("workspace123", {"name": "rows", "value": 7})
            sse.publish_workflow("workspace123", "workflow456", {"state": "running"})
            sse.publish_alert("workspace123", {"text": "late", "service": "another"})
            sse.publish("news:today", "headline", ["any", "JSON"], id="e-1")
        assert {e.path: json.loads(e.body)[0]["type"] for e in server.exchanges} == {
            "/channels/logs:workspace123:workflow456/events": "log",
            "/channels/metrics:workspace123/events": "metric",
            "/channels/workflows:workspace123:workflow456/events": "workflow",
            "/channels/alerts:workspace123/events": "alert",
            "/channels/news:today/events": "headline",
        }
        first = server.exchanges[0]
        event = json.loads(first.body)[0]
        assert published.id == event["id"] and published.position == f"p-{event['id']}"
        assert event["data"]["service"] == "l5-etl-service"
        assert event["data"]["timestamp"].endswith("Z")
        assert event["data"]["message"] == "ETL"
        assert first.headers["authorization"] == "Bearer secret"
        assert first.headers["user-agent"] == "tailrace-python (l5-etl-service)"
        by_path = {e.path: json.loads(e.body)[0] for e in server.exchanges}
        assert by_path["/channels/alerts:workspace123/events"]["data"]["service"] == "another"
        assert by_path["/channels/news:today/events"] == {"type": "headline", "id": "e-1", "data": ["any", "JSON"]}


def test_a_part_with_a_colon_names_no_other_channel() -> None:
    with SSEPublisher("http://localhost", "t", "s") as sse:
        for part in ("a:b", "", "a/b", "x" * 65):
            with pytest.raises(ValueError, match="part of a channel"):
                sse.publish_log(part, "w", {})


def test_a_lost_answer_is_asked_for_again_with_the_same_key() -> None:
    def lose(exchange: Exchange) -> None:
        raise OSError

    with ScriptedServer([lose, lambda e: e.problem(409, "conflict", Retry_After="0"), ACCEPT]) as server:
        with SSEPublisher(server.url, "t", "s") as sse:
            sse.publish("news:a", "x", 1).result(30)
        keys = {exchange.headers["idempotency-key"] for exchange in server.exchanges}
        assert len(server.exchanges) == 3 and len(keys) == 1
        assert bodies(server)[0] == bodies(server)[2]


def test_a_refused_event_is_told_to_its_future_and_to_on_error(caplog: pytest.LogCaptureFixture) -> None:
    told: list[tuple[str, Any, PublishError]] = []
    with ScriptedServer([lambda e: e.problem(403, "forbidden")]) as server:
        with SSEPublisher(server.url, "t", "s", on_error=lambda *what: told.append(what)) as sse:
            with pytest.raises(PublishRefusedError, match="forbidden"):
                sse.publish("news:a", "x", 1).result(30)
        with SSEPublisher(server.url, "t", "s") as sse:
            sse.publish("news:a", "x", 1)
    assert told[0][0] == "news:a" and isinstance(told[0][2], PublishRefusedError)
    assert "1 events were not published, the first one on news:a" in caplog.text


def test_close_gives_up_after_its_timeout_and_says_so() -> None:
    with ScriptedServer([Exchange.hang]) as server:
        sse = SSEPublisher(server.url, "t", "s", request_timeout=1.0, on_error=lambda *_: None)
        receipt = sse.publish("news:a", "x", 1)
        assert sse.close(timeout=0.05) is False
        with pytest.raises(PublisherClosedError):
            receipt.result(0)
        with pytest.raises(PublisherClosedError):
            sse.publish("news:a", "x", 1)


def test_a_full_buffer_raises_to_the_caller() -> None:
    with SSEPublisher("http://127.0.0.1:1", "t", "s", max_events=3, on_error=lambda *_: None) as sse:
        with pytest.raises(BufferFullError):
            for i in range(4):
                sse.publish("news:a", "x", i)
        sse.close(0)


def test_a_renewed_token_is_used_after_401() -> None:
    def step(exchange: Exchange) -> None:
        if exchange.headers["authorization"] == "Bearer t0":
            exchange.problem(401, "unauthorized")
        else:
            exchange.accept()

    tokens = iter(f"t{i}" for i in range(9))
    with ScriptedServer([step]) as server:
        with SSEPublisher(server.url, lambda: next(tokens), "s") as sse:
            sse.publish("news:a", "x", 1).result(30)


def test_many_threads_keep_their_order_and_lose_nothing() -> None:
    with ScriptedServer([ACCEPT]) as server:
        with SSEPublisher(server.url, "t", "s", linger=0.001) as sse:

            def work(n: int) -> None:
                for i in range(200):
                    sse.publish(f"news:{n}", "x", i)

            threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
            assert sse.flush(30)
        for n in range(4):
            sent = [e["data"] for x in server.exchanges if x.path.endswith(f"news:{n}/events") for e in json.loads(x.body)]
            assert sent == list(range(200))


def run(program: str, url: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": "src"}
    return subprocess.run(
        [sys.executable, "-c", program, url], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_what_is_left_at_the_end_of_the_process_is_sent() -> None:
    program = """
import sys, tailrace
tailrace.SSEPublisher(sys.argv[1], "t", "s", linger=60).publish("news:a", "x", "last words")
"""
    with ScriptedServer([ACCEPT]) as server:
        assert run(program, server.url).returncode == 0
        assert bodies(server)[0][0]["data"] == "last words"


def test_a_process_that_ends_before_everything_is_sent_says_so() -> None:
    program = """
import sys, tailrace
tailrace.SSEPublisher(sys.argv[1], "t", "s", flush_at_exit=0.1).publish("news:a", "x", 1)
"""
    ended = run(program, "http://127.0.0.1:1")
    assert ended.returncode == 0
    assert "the process ends before everything was published" in ended.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_after_a_fork_parent_and_child_publish_what_is_their_own() -> None:
    program = """
import os, sys, tailrace
sse = tailrace.SSEPublisher(sys.argv[1], "t", "s", linger=0.2)
sse.publish("news:a", "x", "before")
child = os.fork()
sse.publish("news:a", "x", "parent" if child else "child")
sse.flush()
if child:
    os.waitpid(child, 0)
"""
    with ScriptedServer([ACCEPT]) as server:
        assert run(program, server.url).returncode == 0
        sent = [event["data"] for body in bodies(server) for event in body]
        assert sorted(sent) == ["before", "child", "parent"]


def test_the_logging_handler_publishes_records_and_not_those_that_publishing_makes() -> None:
    with ScriptedServer([ACCEPT]) as server:
        logger = logging.getLogger()
        with SSEPublisher(server.url, "t", "etl") as sse:
            handler = TailraceHandler(sse, "ws", "wf")
            logger.addHandler(handler)
            logger.setLevel(logging.INFO)
            try:
                logging.getLogger("app.step").info("row %d", 7)
                try:
                    raise RuntimeError("broken")
                except RuntimeError:
                    logging.getLogger("app").exception("failed")
                assert sse.flush(30)
            finally:
                logger.removeHandler(handler)
        logs = [event["data"] for body in bodies(server) for event in body]
        assert [(log["level"], log["logger"], log["message"]) for log in logs] == [
            ("INFO", "app.step", "row 7"),
            ("ERROR", "app", "failed"),
        ]
        assert "RuntimeError: broken" in logs[1]["exception"]


def test_the_logging_handler_counts_what_it_has_no_room_for() -> None:
    with SSEPublisher("http://127.0.0.1:1", "t", "s", max_events=1, on_error=lambda *_: None) as sse:
        handler = TailraceHandler(sse, "ws", "wf")
        for _ in range(3):
            handler.emit(logging.LogRecord("app", logging.INFO, "", 0, "x", None, None))
        assert handler.dropped == 2
        sse.close(0)


def test_the_asynchronous_publisher_publishes_in_order_and_flushes_when_it_is_closed() -> None:
    async def main() -> None:
        async with AsyncSSEPublisher(server.url, "t", "s", max_batch_events=10) as sse:
            assert (await sse.publish_log("ws", "wf", {"n": 0})).position
            for i in range(25):
                sse.publish("news:a", "x", i)

    with ScriptedServer([lambda e: e.problem(503, "unavailable", Retry_After="0"), ACCEPT]) as server:
        asyncio.run(main())
        sent = [e["data"] for x in server.exchanges if x.path == "/channels/news:a/events" for e in json.loads(x.body)]
        assert sent == list(range(25))


def test_the_asynchronous_publisher_tells_refusals_and_what_is_left() -> None:
    async def main() -> None:
        async with AsyncSSEPublisher(server.url, "t", "s", on_error=lambda *_: None) as sse:
            with pytest.raises(PublishRefusedError):
                await sse.publish("news:a", "x", 1)
        sse = AsyncSSEPublisher("http://127.0.0.1:1", "t", "s", on_error=lambda *_: None)
        receipt = sse.publish("news:a", "x", 1)
        assert await sse.aclose(0.01) is False
        with pytest.raises(PublisherClosedError):
            await receipt

    with ScriptedServer([lambda e: e.problem(403, "forbidden")]) as server:
        asyncio.run(main())
