"""A worker whose handlers are functions, each in a thread of its own."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from types import FrameType
from typing import Any

import httpx

from ._answers import Answer
from ._connection import stream_failure
from ._effects import Connect, Failed, NeedToken, Reply, Wait
from ._errors import JobStoppedError
from ._joblog import JobLogger, PrefixLogger
from ._leases import MAX_LEASES, Asking, Attempt, Lease, Undelivered, lease_body, read_leases
from ._messages import uuid7
from ._tokens import TokenSource, checked_url

_LOG = logging.getLogger("tailrace.worker")
_POLL_SECONDS = 15
_REPORT_FOR_S = 300.0
_LAST_WORDS_S = 2.0
_LAST_LINES_S = 1.0


@dataclass(frozen=True)
class Handler:
    """A function that runs the jobs of one type; it can still be called."""

    type: str
    function: Callable[..., Any]

    def __call__(self, *args: Any) -> Any:
        """Calls the function."""
        return self.function(*args)


def job(type: str) -> Callable[[Callable[..., Any]], Handler]:
    """Makes a function the handler of a type of jobs: ``@job("resize")``."""
    return lambda function: Handler(type, function)


class Job:
    """One attempt at a job, as its handler sees it. Made by a worker. Thread-safe.

    ``id`` is the job's, and what a handler does elsewhere it does under it, because a job may run more than once. ``token``
    grows with each release of the job. ``last_attempt`` is whether the job is dead if this attempt fails. ``log`` writes to the
    logger ``tailrace.worker`` with the job's id in front; lines of the level INFO and above are also kept with the job, at most 500.
    """

    def __init__(self, attempt: Attempt, wake: Callable[[], None]) -> None:
        lease = attempt.lease
        self.id = lease.id
        self.type = lease.type
        self.queue = lease.queue
        self.attempt = lease.attempt
        self.last_attempt = lease.last_attempt
        self.token = lease.token
        self.log: PrefixLogger = JobLogger(lease.id, attempt.lines, wake)
        self.stopped = threading.Event()
        self._attempt = attempt
        self._wake = wake

    @property
    def stop_reason(self) -> str | None:
        """Why it has to stop: ``cancelled``, ``timed_out``, ``lease_lost`` or ``worker_stops``; None if it may go on."""
        return self._attempt.reason

    @property
    def seconds_left(self) -> float:
        """How much of the time of the attempt is left, in seconds."""
        return self._attempt.deadline - time.monotonic()

    def progress(self, fraction: float | None = None, message: str | None = None) -> None:
        """Says how far the work is, 0 to 1. It may be called often: of what is said within half a second the last counts."""
        self._attempt.progress(fraction, message)
        self._wake()

    def check(self) -> None:
        """Raises JobStoppedError if the handler has to stop, which handlers that take long ask now and then."""
        if self.stopped.is_set():
            raise JobStoppedError(self._attempt.reason or "stopped")


class _Running:
    """An attempt with its handler and its heartbeat."""

    def __init__(self, lease: Lease) -> None:
        self.attempt = Attempt(lease)
        self.attempt.begun()
        self.wake = threading.Event()
        self.ended = threading.Event()
        self.told = threading.Lock()
        self.done = threading.Event()
        self.job = Job(self.attempt, self.wake.set)

    def stop(self, reason: str) -> None:
        if self.attempt.reason is None or reason == "lease_lost":
            self.attempt.reason = reason
        self.job.stopped.set()

    def tell(self) -> bool:
        """Whether it is the caller who says how it ended; the first one does."""
        return self.told.acquire(blocking=False)


class Worker:
    """Runs jobs over HTTP, ``concurrency`` at a time, each in a thread of its own.

    A handler is called as ``handler(payload, job)``. What it returns is the job's result and is written as JSON. If it raises, the
    attempt has failed: GiveUpError ends the job, RetryLaterError says when to try again, anything else is tried again as the type of the
    job says. While the server is away the worker asks again and again.

    ``run`` returns after ``stop``, or after SIGTERM or SIGINT if it is called in the main thread: it takes no more jobs, lets those
    that run end for ``grace`` seconds, and hands the others back. It raises WorkerRefusedError if the server refuses the worker.
    """

    def __init__(
        self,
        url: str,
        token: str | Callable[[], str] | None = None,
        *,
        handlers: Iterable[Handler] = (),
        concurrency: int = 4,
        name: str | None = None,
        grace: float = 10.0,
        token_timeout: float = 30.0,
    ) -> None:
        if concurrency < 1:
            raise ValueError(f"concurrency is {concurrency}, expected at least 1")
        TokenSource(token, token_timeout)
        self._url = checked_url(url)
        self._token = token
        self._token_timeout = token_timeout
        self._concurrency = concurrency
        self._grace = grace
        self._name = (name or f"{socket.gethostname()}-{os.getpid()}-{uuid7()[-6:]}")[:100]
        self._handlers: dict[str, Handler] = {}
        self._http = httpx.Client(limits=httpx.Limits(max_connections=None, max_keepalive_connections=concurrency + 1))
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._lock = threading.Condition()
        self._running: set[_Running] = set()
        self._error: Exception | None = None
        for handler in handlers:
            self._add(handler)

    def job(self, type: str) -> Callable[[Callable[..., Any]], Handler]:
        """Makes a function the handler of a type of this worker: ``@worker.job("resize")``."""

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
        """Has ``run`` return; may be called from any thread and from a signal handler."""
        self._stop.set()

    def run(self) -> None:
        """Runs jobs until it is stopped."""
        if not self._handlers:
            raise ValueError("the worker has no handlers")
        before = self._take_signals()
        poll = threading.Thread(target=self._poll, name="tailrace-leases", daemon=True)
        try:
            poll.start()
            # With a timeout, because a wait without one keeps signals from being handled on some systems.
            while not self._stop.wait(1.0):
                pass
            self._end()
            self._ended.set()
            poll.join(0.1)
            if not poll.is_alive():
                self._http.close()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        if self._error is not None:
            raise self._error

    def _take_signals(self) -> dict[int, Any]:
        if threading.current_thread() is not threading.main_thread():
            return {}

        def stop(number: int, frame: FrameType | None) -> None:
            self._stop.set()

        return {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}

    def _poll(self) -> None:
        tokens = TokenSource(self._token, self._token_timeout)
        try:
            while not self._stop.is_set():
                free = self._await_place()
                if free == 0:
                    continue
                body = lease_body(list(self._handlers), self._name, min(free, MAX_LEASES), _POLL_SECONDS)
                asking = Asking(uuid7(), renews_token=callable(self._token))
                timeout = httpx.Timeout(10.0, read=_POLL_SECONDS + 15.0)
                for lease in read_leases(self._ask("/jobs/leases", body, asking, tokens, timeout, self._stop)):
                    self._begin(lease, tokens)
        except Undelivered:
            pass
        except Exception as e:
            self._error = e
            self._stop.set()
        finally:
            # Its last request may outlive ``run``; who ends last closes the connections.
            if self._ended.is_set():
                self._http.close()

    def _await_place(self) -> int:
        with self._lock:
            if len(self._running) >= self._concurrency:
                self._lock.wait(0.5)
            return self._concurrency - len(self._running)

    def _begin(self, lease: Lease, tokens: TokenSource) -> None:
        running = _Running(lease)
        with self._lock:
            known = any(r.attempt.lease.id == lease.id and r.attempt.lease.token == lease.token for r in self._running)
            if not known and not self._stop.is_set():
                self._running.add(running)
        if known:
            return
        if self._stop.is_set() and running not in self._running:
            self._report(running, running.attempt.handed_back(), tokens, 5.0)
            return
        threading.Thread(target=self._beat, args=(running,), name=f"tailrace-beat-{lease.id}", daemon=True).start()
        threading.Thread(target=self._run, args=(running,), name=f"tailrace-job-{lease.id}", daemon=True).start()

    def _run(self, running: _Running) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            result = self._handlers[running.attempt.lease.type](running.attempt.lease.payload, running.job)
        except BaseException as e:
            error = e
            running.attempt.logger.debug("its handler raised", exc_info=e)
        running.ended.set()
        running.wake.set()
        self._tell_lines(running.attempt, TokenSource(self._token, self._token_timeout), True, None)
        if running.tell():
            said = running.attempt.outcome(result, error)
            if said is not None:
                self._report(running, said, TokenSource(self._token, self._token_timeout), _REPORT_FOR_S)
        running.done.set()
        with self._lock:
            self._running.discard(running)
            self._lock.notify_all()

    def _beat(self, running: _Running) -> None:
        tokens = TokenSource(self._token, self._token_timeout)
        attempt = running.attempt
        path = f"/jobs/leases/{attempt.lease.id}/heartbeat"
        while not running.ended.is_set():
            if running.wake.wait(attempt.next_heartbeat_in()):
                running.wake.clear()
                running.ended.wait(attempt.next_progress_in())
            if running.ended.is_set():
                return
            self._tell_lines(attempt, tokens, False, running.ended)
            if not attempt.has_heartbeat():
                continue
            timeout = httpx.Timeout(min(10.0, max(1.0, attempt.lease.lease_seconds / 3)))
            try:
                asking = Asking(retry_for=0, renews_token=callable(self._token))
                answer: Answer | None = self._ask(path, attempt.heartbeat(), asking, tokens, timeout, running.ended)
            except Undelivered:
                answer = None
            reason = attempt.heard(answer)
            if reason is not None:
                attempt.logger.warning("stops: %s", reason)
                running.stop(reason)
                if reason != "cancelled":
                    return

    def _tell_lines(self, attempt: Attempt, tokens: TokenSource, last: bool, given_up: threading.Event | None) -> None:
        lines = attempt.next_lines(last)
        if lines is None:
            return
        said, line, dropped = lines
        asking = Asking(retry_for=_LAST_LINES_S if last else 0, renews_token=callable(self._token))
        try:
            answer = self._ask(attempt.log_path(), said, asking, tokens, httpx.Timeout(5.0), given_up)
            if answer.status >= 300:
                attempt.logger.warning("its log lines were refused: %s %s", answer.status, answer.body[:500])
            attempt.lines.sent(line, dropped)
        except Undelivered as e:
            attempt.logger.debug("its log lines were not taken: %s", e)

    def _report(self, running: _Running, said: bytes, tokens: TokenSource, retry_for: float) -> None:
        asking = Asking(retry_for=retry_for, renews_token=callable(self._token))
        path = f"/jobs/leases/{running.attempt.lease.id}/outcome"
        try:
            answer = self._ask(path, said, asking, tokens, httpx.Timeout(10.0, read=30.0), None)
            if answer.status not in (200, 202):
                running.attempt.logger.warning("its outcome was refused: %s %s", answer.status, answer.body[:500])
        except Undelivered as e:
            running.attempt.logger.error("its outcome was not taken, and its lease runs out: %s", e)

    def _end(self) -> None:
        if not self._await_none(self._grace):
            for running in self._all():
                running.stop("worker_stops")
            self._await_none(_LAST_WORDS_S)
        for running in self._all():
            if running.tell():
                running.ended.set()
                running.wake.set()
                running.attempt.logger.warning("is handed back, its handler goes on")
                self._report(running, running.attempt.handed_back(), TokenSource(self._token, self._token_timeout), 5.0)
            else:
                # Its handler has ended, and says so.
                running.done.wait(5.0)

    def _all(self) -> list[_Running]:
        with self._lock:
            return list(self._running)

    def _await_none(self, timeout: float) -> bool:
        with self._lock:
            return self._lock.wait_for(lambda: not self._running, timeout)

    def _ask(
        self,
        path: str,
        body: bytes,
        asking: Asking,
        tokens: TokenSource,
        timeout: httpx.Timeout,
        given_up: threading.Event | None,
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
                reply = tokens.get()
            elif isinstance(effect, Wait):
                if given_up is None:
                    time.sleep(effect.seconds)
                elif given_up.wait(effect.seconds):
                    raise Undelivered("given up")
            else:
                try:
                    response = self._http.post(f"{self._url}{path}", content=body, headers=effect.headers, timeout=timeout)
                    reply = Answer(response.status_code, dict(response.headers), response.content)
                except (httpx.HTTPError, RuntimeError) as e:
                    reply = Failed(stream_failure(e))
