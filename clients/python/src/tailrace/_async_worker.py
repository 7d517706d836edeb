"""A worker whose handlers are coroutine functions."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Generator, Iterable
from typing import Any

import httpx

from ._answers import Answer
from ._connection import stream_failure
from ._effects import Connect, Failed, NeedToken, Reply, Token, Wait
from ._leases import MAX_LEASES, Asking, Attempt, Lease, Undelivered, lease_body, read_leases
from ._messages import uuid7
from ._tokens import TokenSource, checked, checked_url
from ._worker import Handler, Job

_POLL_SECONDS = 15
_REPORT_FOR_S = 300.0
_LAST_WORDS_S = 2.0
_LAST_LINES_S = 1.0


class _Running:
    """An attempt, and the task of its handler."""

    def __init__(self, lease: Lease) -> None:
        self.attempt = Attempt(lease)
        self.attempt.begun()
        self.wake = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.job = Job(self.attempt, self._wake)
        self.handler: asyncio.Task[Any] | None = None
        self.told = False
        self.ended = False

    def _wake(self) -> None:
        # Progress may be told from another thread.
        self.loop.call_soon_threadsafe(self.wake.set)

    def stop(self, reason: str) -> None:
        if self.attempt.reason is None or reason == "lease_lost":
            self.attempt.reason = reason
        self.job.stopped.set()
        if self.handler is not None:
            self.handler.cancel()


class AsyncWorker:
    """``Worker`` for asyncio: handlers are coroutine functions, which are cancelled when they have to stop. A token callback is a
    coroutine function, too.

    ``run`` returns after ``stop``, or after SIGTERM or SIGINT if it is called in the main thread.
    """

    def __init__(
        self,
        url: str,
        token: str | Callable[[], Awaitable[str]] | None = None,
        *,
        handlers: Iterable[Handler] = (),
        concurrency: int = 16,
        name: str | None = None,
        grace: float = 10.0,
        token_timeout: float = 30.0,
    ) -> None:
        if concurrency < 1:
            raise ValueError(f"concurrency is {concurrency}, expected at least 1")
        if not callable(token):
            TokenSource(token, token_timeout)
        self._url = checked_url(url)
        self._token = token
        self._token_timeout = token_timeout
        self._concurrency = concurrency
        self._grace = grace
        self._name = (name or f"{socket.gethostname()}-{os.getpid()}-{uuid7()[-6:]}")[:100]
        self._handlers: dict[str, Handler] = {}
        self._running: dict[asyncio.Task[None], _Running] = {}
        self._stop: asyncio.Event | None = None
        self._stopped = False
        self._loop: asyncio.AbstractEventLoop | None = None
        for handler in handlers:
            self._add(handler)

    def job(self, type: str) -> Callable[[Callable[..., Any]], Handler]:
        """As ``Worker.job``."""

        def decorate(function: Callable[..., Any]) -> Handler:
            handler = Handler(type, function)
            self._add(handler)
            return handler

        return decorate

    def _add(self, handler: Handler) -> None:
        if handler.type in self._handlers:
            raise ValueError(f"two handlers for jobs of the type {handler.type!r}")
        self._handlers[handler.type] = handler

    def stop(self) -> None:
        """Has ``run`` return; may be called from any thread."""
        self._stopped = True
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)

    async def run(self) -> None:
        """As ``Worker.run``."""
        if not self._handlers:
            raise ValueError("the worker has no handlers")
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        if self._stopped:
            return
        signals = self._take_signals(self._loop)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=self._concurrency + 1)
        async with httpx.AsyncClient(limits=limits) as http:
            poll = asyncio.create_task(self._poll(http))
            stop = asyncio.create_task(self._stop.wait())
            try:
                await asyncio.wait((poll, stop), return_when=asyncio.FIRST_COMPLETED)
                # What the server gives meanwhile it takes back, because the connection is closed.
                refused = poll.done() and not poll.cancelled() and poll.exception()
                poll.cancel()
                await asyncio.gather(poll, return_exceptions=True)
                await self._end()
                if refused:
                    raise refused
            finally:
                stop.cancel()
                poll.cancel()
                for task in list(self._running):
                    task.cancel()
                await asyncio.gather(stop, poll, *self._running, return_exceptions=True)
                for number in signals:
                    self._loop.remove_signal_handler(number)

    def _take_signals(self, loop: asyncio.AbstractEventLoop) -> list[int]:
        taken: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            try:
                loop.add_signal_handler(number, self.stop)
                taken.append(number)
            except (NotImplementedError, RuntimeError, ValueError):
                # Another thread's loop, or a system without it.
                break
        return taken

    async def _poll(self, http: httpx.AsyncClient) -> None:
        while True:
            while len(self._running) >= self._concurrency:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            free = min(self._concurrency - len(self._running), MAX_LEASES)
            body = lease_body(list(self._handlers), self._name, free, _POLL_SECONDS)
            asking = Asking(uuid7(), renews_token=callable(self._token))
            timeout = httpx.Timeout(10.0, read=_POLL_SECONDS + 15.0)
            for lease in read_leases(await self._ask(http, "/jobs/leases", body, asking, timeout)):
                if any(r.attempt.lease == lease for r in self._running.values()):
                    continue
                running = _Running(lease)
                task = asyncio.create_task(self._attempt(http, running), name=f"tailrace-job-{lease.id}")
                self._running[task] = running
                task.add_done_callback(self._running.pop)

    async def _attempt(self, http: httpx.AsyncClient, running: _Running) -> None:
        handler = self._handlers[running.attempt.lease.type]
        running.handler = asyncio.ensure_future(handler(running.attempt.lease.payload, running.job))
        beat = asyncio.create_task(self._beat(http, running))
        result: Any = None
        error: BaseException | None = None
        try:
            await asyncio.wait((running.handler,))
        finally:
            running.ended = True
            beat.cancel()
            await asyncio.gather(beat, return_exceptions=True)
        await self._tell_lines(http, running.attempt, True)
        if running.handler.cancelled():
            error = asyncio.CancelledError()
        else:
            error = running.handler.exception()
            result = None if error is not None else running.handler.result()
        if isinstance(error, asyncio.CancelledError) and running.attempt.reason == "cancelled":
            await self._report(http, running, running.attempt.handed_back(), _REPORT_FOR_S)
            return
        said = running.attempt.outcome(result, error)
        if said is not None:
            await self._report(http, running, said, _REPORT_FOR_S)

    async def _beat(self, http: httpx.AsyncClient, running: _Running) -> None:
        attempt = running.attempt
        path = f"/jobs/leases/{attempt.lease.id}/heartbeat"
        while not running.ended:
            # Not wait_for, which loses a cancellation that comes together with the event (bpo-37658).
            timer = running.loop.call_later(attempt.next_heartbeat_in(), running.wake.set)
            try:
                await running.wake.wait()
            finally:
                timer.cancel()
            running.wake.clear()
            if attempt.next_heartbeat_in() > 0:
                await asyncio.sleep(attempt.next_progress_in())
            await self._tell_lines(http, attempt, False)
            if not attempt.has_heartbeat():
                continue
            timeout = httpx.Timeout(min(10.0, max(1.0, attempt.lease.lease_seconds / 3)))
            answer: Answer | None = None
            try:
                asking = Asking(retry_for=0, renews_token=callable(self._token))
                answer = await self._ask(http, path, attempt.heartbeat(), asking, timeout)
            except Undelivered:
                pass
            reason = attempt.heard(answer)
            if reason is not None:
                attempt.logger.warning("stops: %s", reason)
                running.stop(reason)
                return

    async def _tell_lines(self, http: httpx.AsyncClient, attempt: Attempt, last: bool) -> None:
        lines = attempt.next_lines(last)
        if lines is None:
            return
        said, line, dropped = lines
        asking = Asking(retry_for=_LAST_LINES_S if last else 0, renews_token=callable(self._token))
        try:
            answer = await self._ask(http, attempt.log_path(), said, asking, httpx.Timeout(5.0))
            if answer.status >= 300:
                attempt.logger.warning("its log lines were refused: %s %s", answer.status, answer.body[:500])
            attempt.lines.sent(line, dropped)
        except Undelivered as e:
            attempt.logger.debug("its log lines were not taken: %s", e)

    async def _report(self, http: httpx.AsyncClient, running: _Running, said: bytes, retry_for: float) -> None:
        if running.told:
            return
        running.told = True
        asking = Asking(retry_for=retry_for, renews_token=callable(self._token))
        path = f"/jobs/leases/{running.attempt.lease.id}/outcome"
        try:
            answer = await self._ask(http, path, said, asking, httpx.Timeout(10.0, read=30.0))
            if answer.status not in (200, 202):
                running.attempt.logger.warning("its outcome was refused: %s %s", answer.status, answer.body[:500])
        except Undelivered as e:
            running.attempt.logger.error("its outcome was not taken, and its lease runs out: %s", e)

    async def _end(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=self._grace)
        for running in list(self._running.values()):
            running.stop("worker_stops")
        if self._running:
            await asyncio.wait(self._running, timeout=_LAST_WORDS_S)
        async with httpx.AsyncClient() as http:
            left = list(self._running.values())
            await asyncio.gather(*(self._report(http, r, r.attempt.handed_back(), 5.0) for r in left))

    async def _next_token(self) -> Token | Failed:
        if not callable(self._token):
            return Token(self._token)
        asking = asyncio.ensure_future(self._token())
        try:
            await asyncio.wait((asking,), timeout=self._token_timeout)
        finally:
            asking.cancel()
        if not asking.done():
            return Failed(f"the token callback has not answered within {self._token_timeout:g} s")
        e = asking.exception()
        return checked(asking.result()) if e is None else Failed(f"the token callback raised {type(e).__name__}: {e}")

    async def _ask(
        self, http: httpx.AsyncClient, path: str, body: bytes, asking: Asking, timeout: httpx.Timeout
    ) -> Answer:
        run: Generator[NeedToken | Connect | Wait, Reply, Answer] = asking.run()
        reply: Reply = None
        while True:
            try:
                effect = run.send(reply)
            except StopIteration as done:
                answer = done.value
                assert isinstance(answer, Answer)
                return answer
            reply = None
            if isinstance(effect, NeedToken):
                reply = await self._next_token()
            elif isinstance(effect, Wait):
                await asyncio.sleep(effect.seconds)
            else:
                try:
                    response = await http.post(f"{self._url}{path}", content=body, headers=effect.headers, timeout=timeout)
                    reply = Answer(response.status_code, dict(response.headers), response.content)
                except httpx.HTTPError as e:
                    reply = Failed(stream_failure(e))
