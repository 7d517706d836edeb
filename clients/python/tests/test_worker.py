"""Running jobs against a scripted server, over real sockets."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from scripted import Exchange, ScriptedServer

from tailrace import (
    AsyncWorker,
    GiveUpError,
    Handler,
    Job,
    JobStoppedError,
    RetryLaterError,
    Worker,
    WorkerRefusedError,
    job,
)
from tailrace._answers import Answer
from tailrace._joblog import LogLines, _text
from tailrace._leases import Attempt, Lease

PATIENCE_S = 30


@dataclass
class FakeJobs:
    """Gives each of its leases once, and keeps what is said of them."""

    leases: list[dict[str, Any]]
    lease_steps: list[Callable[[Exchange], None]] = field(default_factory=list)
    outcome_steps: list[Callable[[Exchange], None]] = field(default_factory=list)
    heartbeat_states: dict[str, str] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    heartbeats: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    logs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    log_steps: list[Callable[[Exchange], None]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    url: str = ""

    def serve(self, exchange: Exchange) -> None:
        body = json.loads(exchange.body)
        if exchange.path == "/jobs/leases":
            self._lease(exchange, body)
            return
        _, _, _, id, what = exchange.path.split("/")
        if what == "heartbeat":
            state = self.heartbeat_states.get(id, "running")
            with self.changed:
                self.heartbeats.append((id, body))
                self.changed.notify_all()
            if state == "over":
                exchange.problem(409, "conflict")
            else:
                exchange.answer(200, json.dumps({"id": id, "state": state}))
            return
        if what == "log":
            with self.changed:
                log_step = self.log_steps.pop(0) if self.log_steps else None
            if log_step is not None:
                log_step(exchange)
                return
            exchange.answer(204, "")
            with self.changed:
                self.logs.append((id, body))
                self.changed.notify_all()
            return
        with self.changed:
            step = self.outcome_steps.pop(0) if self.outcome_steps else None
        if step is not None:
            step(exchange)
            return
        exchange.answer(200, json.dumps({"id": id, "state": "succeeded"}))
        with self.changed:
            self.outcomes.append((id, body))
            self.changed.notify_all()

    def _lease(self, exchange: Exchange, body: dict[str, Any]) -> None:
        with self.changed:
            self.requests.append({**body, "key": exchange.headers.get("idempotency-key")})
            step = self.lease_steps.pop(0) if self.lease_steps else None
            given = [] if step else [self.leases.pop(0) for _ in range(min(body["limit"], len(self.leases)))]
            self.changed.notify_all()
        if step is not None:
            step(exchange)
        elif given:
            exchange.answer(200, json.dumps({"leases": given}))
        else:
            exchange.hang()

    def wait(self, condition: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, PATIENCE_S), (self.requests, self.heartbeats, self.outcomes)


def lease(number: int, type: str = "resize", payload: Any = None, lease_seconds: int = 30) -> dict[str, Any]:
    return {
        "id": f"j-{number}",
        "token": 1,
        "queue": "images",
        "type": type,
        "attempt": 1,
        "last_attempt": False,
        "priority": 5,
        "enqueued_at": "2026-01-01T00:00:00Z",
        "timeout_seconds": 300,
        "lease_seconds": lease_seconds,
        "payload": payload,
    }


@contextmanager
def running(fake: FakeJobs, *handlers: Handler, **options: Any) -> Iterator[Worker]:
    with ScriptedServer([fake.serve]) as server:
        fake.url = server.url
        worker = Worker(server.url, "secret", handlers=handlers, **{"grace": 0.2, **options})
        thread = threading.Thread(target=worker.run)
        thread.start()
        try:
            yield worker
        finally:
            worker.stop()
            thread.join(PATIENCE_S)
            assert not thread.is_alive()


def lose(exchange: Exchange) -> None:
    raise OSError


def test_a_handler_gets_its_payload_and_what_it_returns_is_the_result() -> None:
    @job("resize")
    def resize(payload: Any, job: Job) -> Any:
        return {"width": payload["width"] * 2, "attempt": job.attempt, "queue": job.queue, "left": job.seconds_left > 290}

    fake = FakeJobs([lease(1, payload={"width": 50})])
    with running(fake, resize, name="w1", concurrency=3):
        fake.wait(lambda: len(fake.outcomes) == 1)
    result = {"width": 100, "attempt": 1, "queue": "images", "left": True}
    assert fake.outcomes == [("j-1", {"token": 1, "outcome": "succeeded", "result": result})]
    assert {**fake.requests[0], "key": ""} == {
        "types": ["resize"], "worker": "w1", "limit": 3, "wait_seconds": 15, "key": ""
    }
    assert resize({"width": 1}, Job(Attempt(Lease("i", 1, "q", "resize", 1, False, 300, 30, None)), lambda: None))


def test_what_a_handler_raises_says_what_follows() -> None:
    errors: dict[str, Callable[[], Exception]] = {
        "gives-up": lambda: GiveUpError("no such image", type="no_image"),
        "later": lambda: RetryLaterError("busy", after_seconds=7),
        "breaks": lambda: ValueError("broken"),
        "leaves": lambda: JobStoppedError("by itself"),
        "exits": lambda: SystemExit(1),  # type: ignore[dict-item,return-value]
    }

    def fail(payload: Any, job: Job) -> None:
        raise errors[job.type]()

    fake = FakeJobs([lease(i, type) for i, type in enumerate(errors)])
    with running(fake, *(Handler(type, fail) for type in errors), concurrency=1):
        fake.wait(lambda: len(fake.outcomes) == len(errors))
    assert [said for _, said in fake.outcomes] == [
        {"token": 1, "outcome": "failed", "error": {"type": "no_image", "message": "no such image"}, "give_up": True},
        {"token": 1, "outcome": "failed", "error": {"type": "retry_later", "message": "busy"}, "retry_after_seconds": 7},
        {"token": 1, "outcome": "failed", "error": {"type": "ValueError", "message": "broken"}},
        {"token": 1, "outcome": "handed_back"},
        {"token": 1, "outcome": "failed", "error": {"type": "SystemExit", "message": "1"}},
    ]


def test_a_result_that_cannot_be_kept_is_final() -> None:
    results: list[Any] = [object(), float("nan"), "x" * 70_000]
    fake = FakeJobs([lease(i, payload=i) for i in range(3)])
    with running(fake, Handler("resize", lambda payload, job: results[payload]), concurrency=1):
        fake.wait(lambda: len(fake.outcomes) == 3)
    for _, said in fake.outcomes:
        assert (said["outcome"], said["error"]["type"], said["give_up"]) == ("failed", "invalid_result", True)
    assert "expected at most 65536" in fake.outcomes[2][1]["error"]["message"]


def test_no_more_jobs_run_at_a_time_than_there_are_places() -> None:
    go, both, lock, now, most = threading.Event(), threading.Event(), threading.Lock(), 0, 0

    def count(payload: Any, job: Job) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
            if now == 2:
                both.set()
        go.wait(PATIENCE_S)
        with lock:
            now -= 1

    fake = FakeJobs([lease(i) for i in range(5)])
    with running(fake, Handler("resize", count), concurrency=2):
        assert both.wait(PATIENCE_S)
        go.set()
        fake.wait(lambda: len(fake.outcomes) == 5)
    assert most == 2
    assert fake.requests[0]["limit"] == 2


def test_heartbeats_go_on_beside_the_handler_and_bring_its_progress() -> None:
    done = threading.Event()

    def work(payload: Any, job: Job) -> None:
        job.progress(0.25, "a quarter")
        done.wait(PATIENCE_S)

    fake = FakeJobs([lease(1, lease_seconds=3)])
    with running(fake, Handler("resize", work)):
        fake.wait(lambda: len(fake.heartbeats) >= 3)
        done.set()
        fake.wait(lambda: len(fake.outcomes) == 1)
    told = [said for _, said in fake.heartbeats]
    assert {"token": 1, "progress": {"fraction": 0.25, "message": "a quarter"}} in told
    assert {"token": 1} in told


@pytest.mark.parametrize(
    ("state", "reason", "outcomes"),
    [("cancelled", "cancelled", [("j-1", {"token": 1, "outcome": "handed_back"})]), ("over", "lease_lost", [])],
)
def test_a_handler_whose_job_was_cancelled_or_lost_is_told_to_stop(state: str, reason: str, outcomes: Any) -> None:
    reasons: list[str | None] = []
    ended = threading.Event()

    def work(payload: Any, job: Job) -> None:
        assert job.stopped.wait(PATIENCE_S)
        reasons.append(job.stop_reason)
        ended.set()
        job.check()

    fake = FakeJobs([lease(1, lease_seconds=3)], heartbeat_states={"j-1": state})
    with running(fake, Handler("resize", work)):
        assert ended.wait(PATIENCE_S)
        fake.wait(lambda: len(fake.outcomes) == len(outcomes))
    assert reasons == [reason]
    assert fake.outcomes == outcomes


def test_a_lost_answer_is_asked_for_again_with_the_same_key_and_an_outcome_until_it_is_taken() -> None:
    again: list[Callable[[Exchange], None]] = [lose, lambda e: e.problem(503, "unavailable", Retry_After="0")]
    fake = FakeJobs([lease(1), lease(2)], lease_steps=list(again), outcome_steps=list(again))
    with running(fake, Handler("resize", lambda payload, job: None), concurrency=1):
        fake.wait(lambda: len(fake.outcomes) == 2)
    keys = [request["key"] for request in fake.requests]
    assert len(set(keys[:3])) == 1
    assert len(set(keys[2:5])) == 3
    assert [id for id, _ in fake.outcomes] == ["j-1", "j-2"]


def test_an_attempt_that_is_given_twice_runs_once() -> None:
    done = threading.Event()
    runs: list[str] = []

    def work(payload: Any, job: Job) -> None:
        runs.append(job.id)
        done.wait(PATIENCE_S)

    fake = FakeJobs([lease(1), lease(1), lease(2)])
    with running(fake, Handler("resize", work), concurrency=2):
        fake.wait(lambda: not fake.leases)
        done.set()
        fake.wait(lambda: len(fake.outcomes) == 2)
    assert sorted(runs) == ["j-1", "j-2"]


def test_a_worker_that_stops_lets_jobs_end_and_hands_back_the_others() -> None:
    started, endless = threading.Semaphore(0), threading.Event()

    def end(payload: Any, job: Job) -> str:
        started.release()
        job.stopped.wait(PATIENCE_S)
        return "ended"

    def leave(payload: Any, job: Job) -> None:
        started.release()
        job.stopped.wait(PATIENCE_S)
        job.check()

    def go_on(payload: Any, job: Job) -> None:
        started.release()
        endless.wait(PATIENCE_S)

    handlers = [Handler("end", end), Handler("leave", leave), Handler("go-on", go_on)]
    fake = FakeJobs([lease(1, "end"), lease(2, "leave"), lease(3, "go-on")])
    with running(fake, *handlers, concurrency=3):
        for _ in handlers:
            assert started.acquire(timeout=PATIENCE_S)
    endless.set()
    said = dict(fake.outcomes)
    assert said["j-1"] == {"token": 1, "outcome": "succeeded", "result": "ended"}
    assert said["j-2"] == said["j-3"] == {"token": 1, "outcome": "handed_back"}


def test_a_refusal_ends_the_worker_with_the_servers_words() -> None:
    def refuse(exchange: Exchange) -> None:
        exchange.problem(400, "validation", ("types", '"x", expected resize'))

    with ScriptedServer([refuse]) as server:
        worker = Worker(server.url, "t", handlers=[Handler("x", print)])
        with pytest.raises(WorkerRefusedError, match='types: "x", expected resize') as told:
            worker.run()
    assert (told.value.status, told.value.type) == (400, "validation")
    with ScriptedServer([lambda e: e.answer(200, "<html>")]) as server:
        with pytest.raises(WorkerRefusedError, match="is the URL that of Tailrace"):
            Worker(server.url, "t", handlers=[Handler("x", print)]).run()
        with pytest.raises(WorkerRefusedError, match="is the URL that of Tailrace"):
            asyncio.run(AsyncWorker(server.url, "t", handlers=[Handler("x", print)]).run())


def test_what_cannot_be_meant_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="no handlers"):
        Worker("http://localhost").run()
    with pytest.raises(ValueError, match="two handlers"):
        Worker("http://localhost", handlers=[Handler("x", print), Handler("x", print)])
    with pytest.raises(ValueError, match="concurrency"):
        Worker("http://localhost", concurrency=0)
    with pytest.raises(ValueError, match="is no URL"):
        AsyncWorker("localhost")
    worker = Worker("http://localhost")
    assert isinstance(worker.job("x")(print), Handler)
    with pytest.raises(ValueError, match="fraction"):
        Attempt(Lease("i", 1, "q", "x", 1, False, 300, 30, None)).progress(2, None)


def test_an_attempt_without_an_answer_for_its_lease_is_lost_and_one_out_of_time_stops() -> None:
    now = 0.0
    attempt = Attempt(Lease("i", 1, "q", "x", 1, False, 45, 30, None), lambda: now)
    attempt.begun()
    assert attempt.next_heartbeat_in() == 10
    now = 10.0
    attempt.heartbeat()
    assert attempt.heard(None) is None
    assert attempt.next_heartbeat_in() == 1
    attempt.heartbeat()
    assert attempt.heard(Answer(202, {}, b'{"state": "pending"}')) is None
    now = 39.0
    assert attempt.heard(None) is None
    now = 40.0
    assert attempt.heard(None) == "lease_lost"
    assert attempt.heard(Answer(200, {}, b'{"state": "running"}')) is None
    now = 45.0
    assert attempt.heard(Answer(200, {}, b'{"state": "running"}')) == "timed_out"
    attempt.reason = "timed_out"
    said = json.loads(attempt.outcome(None, ValueError("late")) or b"")
    assert said["error"] == {"type": "timeout", "message": "the attempt took longer than 45 s"}


def test_the_asynchronous_one_does_the_same() -> None:
    async def main(fake: FakeJobs) -> None:
        worker = AsyncWorker(fake.url, lambda: asyncio.sleep(0, "secret"), concurrency=4, grace=0.1)

        @worker.job("resize")
        async def resize(payload: Any, job: Job) -> Any:
            job.progress(0.5)
            return payload * 2

        @worker.job("fail")
        async def fail(payload: Any, job: Job) -> None:
            raise GiveUpError("no")

        @worker.job("sleep")
        async def sleep(payload: Any, job: Job) -> None:
            await asyncio.sleep(PATIENCE_S)

        task = asyncio.create_task(worker.run())
        await asyncio.to_thread(fake.wait, lambda: len(fake.outcomes) == 3 and not fake.leases)
        worker.stop()
        await asyncio.wait_for(task, PATIENCE_S)

    fake = FakeJobs(
        [lease(1, payload=21), lease(2, "fail"), lease(3, "sleep", lease_seconds=3), lease(4, "sleep")],
        heartbeat_states={"j-3": "cancelled"},
    )
    with ScriptedServer([fake.serve]) as server:
        fake.url = server.url
        asyncio.run(main(fake))
    said = dict(fake.outcomes)
    assert said["j-1"] == {"token": 1, "outcome": "succeeded", "result": 42}
    assert said["j-2"]["give_up"] is True
    assert said["j-3"] == said["j-4"] == {"token": 1, "outcome": "handed_back"}


def lines_of(fake: FakeJobs) -> list[tuple[int, str, str]]:
    """Each line once, as the server keeps them."""
    lines = {each["line"]: (each["level"], each["text"]) for _, said in fake.logs for each in said["lines"]}
    return [(number, *line) for number, line in sorted(lines.items())]


def test_what_a_handler_logs_is_kept_before_its_outcome_and_while_it_runs() -> None:
    seen, done = threading.Event(), threading.Event()

    def work(payload: Any, job: Job) -> None:
        job.log.debug("not kept")
        job.log.info("read %d rows of %s", 3, "a.csv")
        job.log.warning("%(what)s of %(of)d", {"what": "slow", "of": 5})
        seen.set()
        done.wait(PATIENCE_S)
        try:
            raise ValueError("broken")
        except ValueError:
            job.log.exception("it failed")

    fake = FakeJobs([lease(1)], log_steps=[lambda e: e.problem(503, "unavailable", Retry_After="0")])
    with running(fake, Handler("resize", work)):
        assert seen.wait(PATIENCE_S)
        done.set()
        fake.wait(lambda: len(fake.outcomes) == 1)
    lines = lines_of(fake)
    assert lines[:2] == [(1, "info", "read 3 rows of a.csv"), (2, "warn", "slow of 5")]
    assert lines[2][:2] == (3, "error")
    assert lines[2][2].startswith("it failed\nTraceback") and "ValueError: broken" in lines[2][2]
    assert {(said["token"], said["attempt"]) for _, said in fake.logs} == {(1, 1)}


def test_log_lines_go_on_beside_the_handler_and_are_no_heartbeats() -> None:
    done = threading.Event()

    def work(payload: Any, job: Job) -> None:
        job.log.info("begun")
        done.wait(PATIENCE_S)

    fake = FakeJobs([lease(1, lease_seconds=300)])
    with running(fake, Handler("resize", work)):
        fake.wait(lambda: len(fake.logs) == 1)
        done.set()
        fake.wait(lambda: len(fake.outcomes) == 1)
    assert lines_of(fake) == [(1, "info", "begun")]
    assert fake.heartbeats == []


def test_a_handler_that_logs_without_end_is_counted() -> None:
    def work(payload: Any, job: Job) -> None:
        for i in range(700):
            job.log.info("line %d", i)

    fake = FakeJobs([lease(1)])
    with running(fake, Handler("resize", work)):
        fake.wait(lambda: len(fake.outcomes) == 1)
    assert [number for number, _, _ in lines_of(fake)] == list(range(1, 501))
    assert fake.logs[-1][1]["dropped"] == 200


def test_a_long_line_is_cut_and_half_a_surrogate_pair_is_replaced() -> None:
    lines = LogLines(7, 2, lambda: 0.0)
    lines.add(logging.INFO, "é" * 3_000)
    lines.add(logging.CRITICAL, "a\ud800")
    lines.add(logging.INFO, "")
    told = lines.unsent(False)
    assert told is not None
    body, last, dropped = told
    said = json.loads(body)
    assert (last, dropped, said["token"], said["attempt"]) == (3, 0, 7, 2)
    first = said["lines"][0]
    assert (len(first["text"].encode()), first["text"][-2:], first["at"]) == (4_095, "é…", "1970-01-01T00:00:00Z")
    assert [(each["level"], each["text"]) for each in said["lines"][1:]] == [("error", "a?"), ("info", " ")]
    lines.sent(2, 0)
    left = lines.unsent(False)
    assert left is not None and [each["line"] for each in json.loads(left[0])["lines"]] == [3]
    lines.sent(3, 0)
    assert lines.unsent(True) is None


def test_a_line_with_too_few_values_is_kept_with_what_there_is() -> None:
    assert _text("%s%s", ("wrong",), None) == "%s%s ('wrong',)"
    assert _text("100 %", (), None) == "100 %"


def test_an_async_handler_logs_as_well() -> None:
    async def work(payload: Any, job: Job) -> str:
        job.log.info("begun")
        await asyncio.sleep(0)
        return "done"

    fake = FakeJobs([lease(1)])
    with ScriptedServer([fake.serve]) as server:

        async def run() -> None:
            worker = AsyncWorker(server.url, "secret", handlers=[Handler("resize", work)], grace=0.2)
            task = asyncio.create_task(worker.run())
            await asyncio.to_thread(fake.wait, lambda: len(fake.outcomes) == 1)
            worker.stop()
            await task

        asyncio.run(run())
    assert lines_of(fake) == [(1, "info", "begun")]
