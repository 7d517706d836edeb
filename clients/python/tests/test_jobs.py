"""Enqueueing against a scripted server, over real sockets."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timezone
from typing import Any

import pytest
from scripted import Exchange, ScriptedServer

from tailrace import AsyncJobs, EnqueuedJob, EnqueueError, EnqueueRefusedError, Jobs

JOB = {"id": "j-1", "state": "ready", "queue": "images", "type": "resize", "run_at": "2026-01-01T00:00:00Z"}


def created(exchange: Exchange) -> None:
    exchange.answer(201, json.dumps(JOB), Content_Type="application/json")


def lose(exchange: Exchange) -> None:
    raise OSError


def test_a_job_is_enqueued_with_one_key_until_there_is_an_answer() -> None:
    steps = [lose, lambda e: e.problem(503, "unavailable", Retry_After="0"), lambda e: e.answer(200, "<html>"), created]
    with ScriptedServer(steps) as server, Jobs(server.url, "secret") as jobs:
        job = jobs.enqueue("resize", {"width": 100})
    assert job == EnqueuedJob("j-1", "ready", "images", "resize", "2026-01-01T00:00:00Z", True)
    assert len(server.exchanges) == 4
    assert len({exchange.headers["idempotency-key"] for exchange in server.exchanges}) == 1
    assert {exchange.path for exchange in server.exchanges} == {"/jobs"}
    assert server.exchanges[0].headers["authorization"] == "Bearer secret"
    assert json.loads(server.exchanges[3].body) == {"type": "resize", "payload": {"width": 100}}


def test_options_are_those_of_the_protocol_and_two_calls_are_two_jobs() -> None:
    at = datetime(2026, 1, 1, tzinfo=timezone.utc)
    options: dict[str, Any] = {
        "queue": "images",
        "priority": 9,
        "unique_key": "u",
        "unique_seconds": 60,
        "max_attempts": 3,
        "timeout_seconds": 20,
        "key": "k",
    }
    with ScriptedServer([created]) as server, Jobs(server.url) as jobs:
        jobs.enqueue("resize", None, run_at=at, **options)
        jobs.enqueue("resize", None, delay_seconds=5)
        jobs.enqueue("resize", None, idempotency_key="order-7")
    assert json.loads(server.exchanges[0].body) == {
        "type": "resize", "payload": None, "run_at": "2026-01-01T00:00:00+00:00", **options
    }
    assert json.loads(server.exchanges[1].body)["delay_seconds"] == 5
    keys = [exchange.headers["idempotency-key"] for exchange in server.exchanges]
    assert len(set(keys)) == 3 and keys[2] == "order-7"
    assert "authorization" not in server.exchanges[0].headers


def test_a_job_that_another_one_stands_for_and_one_that_is_not_decided_say_so() -> None:
    steps = [lambda e: e.answer(200, json.dumps(JOB)), lambda e: e.answer(202, json.dumps({**JOB, "state": "pending"}))]
    with ScriptedServer(steps) as server, Jobs(server.url, "t") as jobs:
        assert jobs.enqueue("resize", 1).created is False
        assert jobs.enqueue("resize", 1).state == "pending"


def test_a_refusal_has_the_servers_words_and_is_not_tried_again() -> None:
    def refuse(exchange: Exchange) -> None:
        exchange.problem(400, "validation", ("type", '"x", expected one of resize'), ("queue", "expected default"))

    with ScriptedServer([refuse]) as server, Jobs(server.url, "t") as jobs:
        with pytest.raises(EnqueueRefusedError, match='type: "x", expected one of resize; queue: expected default') as told:
            jobs.enqueue("x", 1)
    assert (told.value.status, told.value.type) == (400, "validation")
    assert len(server.exchanges) == 1


def test_without_an_answer_it_ends_and_says_that_nobody_knows() -> None:
    with ScriptedServer([lose]) as server, Jobs(server.url, "t", retry_for=0.1) as jobs:
        with pytest.raises(EnqueueError, match="may be enqueued or not"):
            jobs.enqueue("resize", 1)
    with Jobs("http://localhost", lambda: "", retry_for=0) as jobs, pytest.raises(EnqueueError, match="no token"):
        jobs.enqueue("resize", 1)


def test_a_token_that_is_not_taken_is_asked_for_once_more() -> None:
    tokens = iter(("old", "new"))

    def step(exchange: Exchange) -> None:
        if exchange.headers["authorization"] == "Bearer old":
            exchange.problem(401, "unauthorized")
        else:
            created(exchange)

    with ScriptedServer([step]) as server, Jobs(server.url, lambda: next(tokens)) as jobs:
        assert jobs.enqueue("resize", 1).id == "j-1"


def test_what_cannot_be_meant_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="is no URL"):
        Jobs("localhost:8080")
    with Jobs("http://localhost") as jobs:
        with pytest.raises(ValueError, match="time zone"):
            jobs.enqueue("resize", 1, run_at=datetime(2026, 1, 1))
        with pytest.raises(ValueError):
            jobs.enqueue("resize", float("nan"))
        with pytest.raises(TypeError):
            jobs.enqueue("resize", object())


def test_the_asynchronous_one_does_the_same() -> None:
    async def main(url: str) -> None:
        async def token() -> str:
            return "a token"

        async with AsyncJobs(url, token) as jobs:
            assert (await jobs.enqueue("resize", {"width": 1}, priority=1)).id == "j-1"
            with pytest.raises(EnqueueRefusedError, match="forbidden"):
                await jobs.enqueue("resize", 1)

    steps = [lambda e: e.problem(401, "unauthorized"), lose, created, lambda e: e.problem(403, "forbidden")]
    with ScriptedServer(steps) as server:
        asyncio.run(main(server.url))
    assert server.exchanges[1].headers["idempotency-key"] == server.exchanges[2].headers["idempotency-key"]

