"""Enqueueing jobs: what is asked for, what is tried again. The core is pure, see ``_effects``."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any

import httpx

from . import _answers
from ._answers import Answer, Backoff
from ._connection import stream_failure
from ._effects import Connect, Failed, NeedToken, Reply, Token, Wait
from ._errors import EnqueueError, EnqueueRefusedError
from ._messages import uuid7
from ._tokens import TokenSource, checked, checked_url

_TIMEOUT = httpx.Timeout(10.0, read=30.0)


@dataclass(frozen=True)
class EnqueuedJob:
    """A job that the server has.

    ``state`` is ``pending`` if the dispatcher has not decided in time: the job will be there under its ``id``. ``created`` is
    whether it is this call's job, and not another one that has the unique key.
    """

    id: str
    state: str
    queue: str
    type: str | None
    run_at: str | None
    created: bool


@dataclass
class Enqueueing:
    """One call of ``enqueue``. Not thread-safe."""

    body: bytes
    key: str
    retry_for: float = 30.0
    renews_token: bool = False
    backoff: Backoff = field(default_factory=lambda: Backoff(random.random, first=0.5))
    clock: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic

    def run(self) -> Generator[NeedToken | Connect | Wait, Reply, EnqueuedJob]:
        """Asks with one idempotency key until there is an answer, so that a lost answer is no second job."""
        deadline = self.monotonic() + self.retry_for
        renewed = False
        while True:
            token = yield NeedToken()
            wait: float | None = None
            if isinstance(token, Token):
                headers = {"Content-Type": "application/json", "Idempotency-Key": self.key}
                if token.text is not None:
                    headers["Authorization"] = f"Bearer {token.text}"
                answer = yield Connect({}, headers)
                if isinstance(answer, Answer):
                    if answer.status in (200, 201, 202):
                        job = _job(answer)
                        if job is not None:
                            return job
                        reason = "the answer is no job; is the URL that of Tailrace?"
                    else:
                        problem = _answers.problem(answer)
                        if answer.status == 401 and self.renews_token and not renewed:
                            renewed = True
                            continue
                        if answer.status < 500 and answer.status not in _answers.PASSING:
                            raise EnqueueRefusedError(answer.status, problem.type, _told(problem), problem.errors)
                        wait = _answers.retry_after(answer, self.clock())
                        reason = f"{answer.status} {problem.type}: {problem.detail}"
                else:
                    reason = answer.reason if isinstance(answer, Failed) else "the driver did not reply"
            else:
                reason = f"no token: {token.reason if isinstance(token, Failed) else 'none was given'}"
            seconds = self.backoff.next(at_least=wait)
            if self.monotonic() + seconds > deadline:
                raise EnqueueError(f"{reason}; the job may be enqueued or not")
            yield Wait(seconds)


class Jobs:
    """Enqueues jobs. Thread-safe but for ``close``.

    ``enqueue`` waits for the server's answer, and tries again for ``retry_for`` seconds what passes by itself, with one
    idempotency key, so that a lost answer is no second job.
    """

    def __init__(
        self,
        url: str,
        token: str | Callable[[], str] | None = None,
        *,
        retry_for: float = 30.0,
        token_timeout: float = 30.0,
        http: httpx.Client | None = None,
    ) -> None:
        TokenSource(token, token_timeout)
        self._url = checked_url(url)
        self._token = token
        self._retry_for = retry_for
        self._token_timeout = token_timeout
        self._owns_http = http is None
        self._http = http or httpx.Client()

    def enqueue(
        self,
        type: str,
        payload: Any,
        *,
        queue: str | None = None,
        run_at: datetime | str | None = None,
        delay_seconds: int | None = None,
        priority: int | None = None,
        unique_key: str | None = None,
        unique_seconds: int | None = None,
        max_attempts: int | None = None,
        timeout_seconds: int | None = None,
        key: str | None = None,
        idempotency_key: str | None = None,
    ) -> EnqueuedJob:
        """Enqueues a job of a type, whose payload is any JSON that fits the type; docs/protocol/jobs.md explains the options.

        The same ``idempotency_key`` is the same job; by default each call has a new one. Raises EnqueueRefusedError if the
        server refuses it, EnqueueError if there is no answer in time, and what JSON has to say about ``payload``.
        """
        body = _body(
            type, payload, queue, run_at, delay_seconds, priority, unique_key, unique_seconds, max_attempts, timeout_seconds, key
        )
        call = Enqueueing(body, idempotency_key or uuid7(), self._retry_for, callable(self._token))
        # A source of its own, because calls of several threads must not share one.
        tokens = TokenSource(self._token, self._token_timeout)
        run = call.run()
        reply: Reply = None
        while True:
            try:
                effect = run.send(reply)
            except StopIteration as done:
                return _enqueued(done)
            reply = None
            if isinstance(effect, NeedToken):
                reply = tokens.get()
            elif isinstance(effect, Wait):
                time.sleep(effect.seconds)
            else:
                try:
                    response = self._http.post(
                        f"{self._url}/jobs", content=body, headers=effect.headers, timeout=_TIMEOUT
                    )
                    reply = Answer(response.status_code, dict(response.headers), response.content)
                except httpx.HTTPError as e:
                    reply = Failed(stream_failure(e))

    def close(self) -> None:
        """Closes the connections, unless they were given."""
        if self._owns_http:
            self._http.close()

    def __enter__(self) -> Jobs:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class AsyncJobs:
    """``Jobs`` for asyncio. A token callback is a coroutine function."""

    def __init__(
        self,
        url: str,
        token: str | Callable[[], Awaitable[str]] | None = None,
        *,
        retry_for: float = 30.0,
        token_timeout: float = 30.0,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        if not callable(token):
            TokenSource(token, token_timeout)
        self._url = checked_url(url)
        self._token = token
        self._retry_for = retry_for
        self._token_timeout = token_timeout
        self._owns_http = http is None
        self._http = http or httpx.AsyncClient()

    async def enqueue(
        self,
        type: str,
        payload: Any,
        *,
        queue: str | None = None,
        run_at: datetime | str | None = None,
        delay_seconds: int | None = None,
        priority: int | None = None,
        unique_key: str | None = None,
        unique_seconds: int | None = None,
        max_attempts: int | None = None,
        timeout_seconds: int | None = None,
        key: str | None = None,
        idempotency_key: str | None = None,
    ) -> EnqueuedJob:
        """As ``Jobs.enqueue``."""
        body = _body(
            type, payload, queue, run_at, delay_seconds, priority, unique_key, unique_seconds, max_attempts, timeout_seconds, key
        )
        run = Enqueueing(body, idempotency_key or uuid7(), self._retry_for, callable(self._token)).run()
        reply: Reply = None
        while True:
            try:
                effect = run.send(reply)
            except StopIteration as done:
                return _enqueued(done)
            reply = None
            if isinstance(effect, NeedToken):
                reply = await self._next_token()
            elif isinstance(effect, Wait):
                await asyncio.sleep(effect.seconds)
            else:
                try:
                    response = await self._http.post(
                        f"{self._url}/jobs", content=body, headers=effect.headers, timeout=_TIMEOUT
                    )
                    reply = Answer(response.status_code, dict(response.headers), response.content)
                except httpx.HTTPError as e:
                    reply = Failed(stream_failure(e))

    async def _next_token(self) -> Token | Failed:
        if not callable(self._token):
            return Token(self._token)
        try:
            return checked(await asyncio.wait_for(self._token(), self._token_timeout))
        except asyncio.TimeoutError:
            return Failed(f"the token callback has not answered within {self._token_timeout:g} s")
        except Exception as e:
            return Failed(f"the token callback raised {type(e).__name__}: {e}")

    async def close(self) -> None:
        """Closes the connections, unless they were given."""
        if self._owns_http:
            await self._http.aclose()

    async def __aenter__(self) -> AsyncJobs:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _body(
    type: str,
    payload: Any,
    queue: str | None,
    run_at: datetime | str | None,
    delay_seconds: int | None,
    priority: int | None,
    unique_key: str | None,
    unique_seconds: int | None,
    max_attempts: int | None,
    timeout_seconds: int | None,
    key: str | None,
) -> bytes:
    if isinstance(run_at, datetime) and run_at.tzinfo is None:
        raise ValueError(f"run_at is {run_at}, expected a time with its time zone")
    options = {
        "queue": queue,
        "run_at": run_at.isoformat() if isinstance(run_at, datetime) else run_at,
        "delay_seconds": delay_seconds,
        "priority": priority,
        "unique_key": unique_key,
        "unique_seconds": unique_seconds,
        "max_attempts": max_attempts,
        "timeout_seconds": timeout_seconds,
        "key": key,
    }
    job = {"type": type, "payload": payload, **{name: value for name, value in options.items() if value is not None}}
    return json.dumps(job, allow_nan=False, ensure_ascii=False).encode()


def _job(answer: Answer) -> EnqueuedJob | None:
    try:
        job = json.loads(answer.body)
        return EnqueuedJob(
            str(job["id"]),
            str(job["state"]),
            str(job["queue"]),
            job.get("type"),
            job.get("run_at"),
            answer.status != 200,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _told(problem: _answers.Problem) -> str:
    return "; ".join(f"{name}: {message}" for name, message in problem.errors) or problem.detail


def _enqueued(done: StopIteration) -> EnqueuedJob:
    job = done.value
    assert isinstance(job, EnqueuedJob)
    return job
