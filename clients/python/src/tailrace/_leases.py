"""Running jobs: what a worker asks for, and what the end of a handler means. Pure, see ``_effects``."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from . import _answers
from ._answers import Answer, Backoff
from ._effects import Connect, Failed, NeedToken, Reply, Token, Wait
from ._errors import GiveUpError, JobStoppedError, RetryLaterError, WorkerRefusedError
from ._joblog import LogLines, PrefixLogger

MAX_RESULT_BYTES = 65_536
"""The most bytes of a result as JSON."""

MAX_LEASES = 20
"""The most leases of one request."""

PROGRESS_INTERVAL_S = 0.5
"""The least time between two reports of progress, and between two of log lines."""

_PASSING = frozenset({408, 425, 429})
_LOG = logging.getLogger("tailrace.worker")


class Undelivered(Exception):
    """No answer, or none that helps, within ``retry_for``."""


@dataclass(frozen=True)
class Lease:
    """A job whose attempt has begun in the name of this worker."""

    id: str
    token: int
    queue: str
    type: str
    attempt: int
    last_attempt: bool
    timeout_seconds: int
    lease_seconds: int
    payload: Any


@dataclass
class Asking:
    """One request until there is an answer that is not about the server's state. Not thread-safe."""

    key: str | None = None
    retry_for: float = float("inf")
    renews_token: bool = False
    backoff: Backoff = field(default_factory=lambda: Backoff(random.random, first=0.5, most=15.0))
    clock: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic

    def run(self) -> Generator[NeedToken | Connect | Wait, Reply, Answer]:
        """The answer; raises Undelivered. A worker whose server is away asks with growing pauses."""
        deadline = self.monotonic() + self.retry_for
        renewed = False
        while True:
            token = yield NeedToken()
            wait: float | None = None
            if isinstance(token, Token):
                headers = {"Content-Type": "application/json"}
                if self.key is not None:
                    headers["Idempotency-Key"] = self.key
                if token.text is not None:
                    headers["Authorization"] = f"Bearer {token.text}"
                answer = yield Connect({}, headers)
                if isinstance(answer, Answer):
                    if answer.status == 401 and self.renews_token and not renewed:
                        renewed = True
                        continue
                    if answer.status < 500 and answer.status not in _PASSING:
                        return answer
                    wait = _answers.retry_after(answer, self.clock())
                    problem = _answers.problem(answer)
                    reason = f"{answer.status} {problem.type}: {problem.detail}"
                else:
                    reason = answer.reason if isinstance(answer, Failed) else "the driver did not reply"
            else:
                reason = f"no token: {token.reason if isinstance(token, Failed) else 'none was given'}"
            seconds = self.backoff.next(at_least=wait)
            if self.monotonic() + seconds > deadline:
                raise Undelivered(reason)
            if self.backoff.attempts in (1, 4):
                _LOG.warning("the server does not help, and is asked again and again: %s", reason)
            yield Wait(seconds)


def lease_body(types: list[str], worker: str, limit: int, wait_seconds: int) -> bytes:
    """The request for leases."""
    return _json({"types": types, "worker": worker, "limit": min(limit, MAX_LEASES), "wait_seconds": wait_seconds})


def read_leases(answer: Answer) -> list[Lease]:
    """The leases of an answer; raises WorkerRefusedError if there can be none."""
    if answer.status == 200:
        try:
            return [_lease(each) for each in json.loads(answer.body)["leases"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise WorkerRefusedError(200, "", "the answer has no leases; is the URL that of Tailrace?") from None
    problem = _answers.problem(answer)
    told = "; ".join(f"{name}: {message}" for name, message in problem.errors) or problem.detail
    raise WorkerRefusedError(answer.status, problem.type, told, problem.errors)


def _lease(each: Any) -> Lease:
    return Lease(
        str(each["id"]),
        int(each["token"]),
        str(each["queue"]),
        str(each["type"]),
        int(each["attempt"]),
        bool(each["last_attempt"]),
        int(each["timeout_seconds"]),
        int(each["lease_seconds"]),
        each.get("payload"),
    )


def stop_reason(answer: Answer) -> str | None:
    """Why an attempt has to stop, by the answer to its heartbeat; None if it may go on."""
    if answer.status in (404, 409):
        return "lease_lost"
    try:
        return "cancelled" if answer.status == 200 and json.loads(answer.body)["state"] == "cancelled" else None
    except (ValueError, KeyError, TypeError):
        return None


class Attempt:
    """One attempt at a job, as its handler and its heartbeat see it. Thread-safe: each of its steps is one assignment."""

    def __init__(self, lease: Lease, now: Callable[[], float] = time.monotonic) -> None:
        self.lease = lease
        self._now = now
        self._heard = now()
        self.deadline = now() + lease.timeout_seconds
        self.reason: str | None = None
        self._progress: dict[str, Any] | None = None
        self._told = float("-inf")
        self._logged = float("-inf")
        self.lines = LogLines(lease.token, lease.attempt)
        self.logger = PrefixLogger(lease.id)

    def progress(self, fraction: float | None, message: str | None) -> None:
        """What the next heartbeat says."""
        if fraction is not None and not 0 <= fraction <= 1:
            raise ValueError(f"fraction is {fraction}, expected 0 to 1")
        said = {"fraction": fraction, "message": message or None}
        self._progress = {name: value for name, value in said.items() if value is not None} or None

    def next_heartbeat_in(self) -> float:
        """Seconds until the next heartbeat, if there is no progress before."""
        return max(0.0, min(self._told + self.lease.lease_seconds / 3, self.deadline) - self._now())

    def next_progress_in(self) -> float:
        """Seconds until progress, or log lines, may be told."""
        return max(0.0, max(self._told, self._logged) + PROGRESS_INTERVAL_S - self._now())

    def has_heartbeat(self) -> bool:
        """Whether a heartbeat is due, or has progress to tell."""
        return self._progress is not None or self.next_heartbeat_in() == 0

    def log_path(self) -> str:
        """Where its log lines go."""
        return f"/jobs/leases/{self.lease.id}/log"

    def next_lines(self, last: bool) -> tuple[bytes, int, int] | None:
        """Log lines that the server does not have; None if it has all."""
        self._logged = self._now()
        return self.lines.unsent(last)

    def begun(self) -> None:
        """Its start has renewed the lease."""
        self._told = self._now()

    def heartbeat(self) -> bytes:
        """The next heartbeat."""
        self._told = self._now()
        said = {"token": self.lease.token}
        progress, self._progress = self._progress, None
        return _json(said if progress is None else {**said, "progress": progress})

    def heard(self, answer: Answer | None) -> str | None:
        """The answer to a heartbeat, None if there was none; returns why the attempt has to stop, None if it may go on."""
        now = self._now()
        if answer is not None and answer.status in (200, 202):
            self._heard = now
        reason = None if answer is None else stop_reason(answer)
        if reason is None and now - self._heard >= self.lease.lease_seconds:
            reason = "lease_lost"
        if reason is None and now >= self.deadline:
            reason = "timed_out"
        if answer is None:
            # Sooner than usual, because the lease runs.
            self._told = now - self.lease.lease_seconds / 3 + min(1.0, self.lease.lease_seconds / 6)
        return reason

    def outcome(self, result: Any, error: BaseException | None) -> bytes | None:
        """What is said of its end, or None if there is nobody to say it to."""
        said: dict[str, Any] = {"token": self.lease.token}
        if self.reason == "lease_lost":
            return None
        if error is None:
            return self._succeeded(said, result)
        if self.reason == "worker_stops" or isinstance(error, JobStoppedError) and self.reason != "timed_out":
            return _json({**said, "outcome": "handed_back"})
        said["outcome"] = "failed"
        if self.reason == "timed_out":
            said["error"] = {"type": "timeout", "message": f"the attempt took longer than {self.lease.timeout_seconds} s"}
        elif isinstance(error, GiveUpError):
            said.update(error=_error(error.type, error), give_up=True)
        elif isinstance(error, RetryLaterError):
            said.update(error=_error(error.type, error), retry_after_seconds=max(0, round(error.after_seconds)))
        else:
            kind = type(error)
            name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
            said["error"] = _error(name, error)
        return _json(said)

    def _succeeded(self, said: dict[str, Any], result: Any) -> bytes:
        fault = None
        try:
            size = len(_json(result))
            if size > MAX_RESULT_BYTES:
                fault = f"{size} bytes of JSON, expected at most {MAX_RESULT_BYTES}"
        except (TypeError, ValueError, RecursionError) as e:
            fault = str(e)
        if fault is not None:
            error = {"type": "invalid_result", "message": fault}
            return _json({**said, "outcome": "failed", "error": error, "give_up": True})
        return _json({**said, "outcome": "succeeded", **({} if result is None else {"result": result})})

    def handed_back(self) -> bytes:
        """The worker stops, and its handler does not."""
        return _json({"token": self.lease.token, "outcome": "handed_back"})


def _error(type: str, error: BaseException) -> dict[str, str]:
    message = str(error).encode("utf-8", "replace").decode()[:8000]
    return {"type": type[:200], **({"message": message} if message else {})}


def _json(value: Any) -> bytes:
    return json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
