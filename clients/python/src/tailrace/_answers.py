"""Reads what is common to all answers: problems (RFC 9457) and Retry-After (RFC 9110, section 10.2.3). Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timezone
from email.utils import parsedate_to_datetime

PASSING = frozenset({408, 409, 425, 429})
"""Statuses below 500 that pass by themselves."""


@dataclass(frozen=True)
class Answer:
    """An answer to a request; of a stream only its head. ``headers`` has lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Problem:
    """The body of a refusal. ``type`` is empty if it is not one of Tailrace's."""

    type: str
    detail: str
    errors: tuple[tuple[str, str], ...] = ()


def problem(answer: Answer) -> Problem:
    """What a refusal says; a body of another kind, a proxy's page of HTML for example, is not shown."""
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/problem+json":
        return Problem("", f"the answer is {media_type or 'without a type'}, expected application/problem+json")
    try:
        body = json.loads(answer.body)
        slug = str(body.get("type", "")).rpartition("/")[2]
        detail = str(body.get("detail") or body.get("title") or "")
        errors = tuple((str(e.get("field", "")), str(e.get("message", ""))) for e in body.get("errors") or ())
    except (ValueError, AttributeError, TypeError):
        return Problem("", "the problem is not JSON as RFC 9457 says")
    return Problem(slug, detail, errors)


def retry_after(answer: Answer, now: float) -> float | None:
    """The seconds that Retry-After asks for. ``now`` is Unix time in seconds, for the form that is a date."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (at if at.tzinfo else at.replace(tzinfo=timezone.utc)).timestamp() - now)


@dataclass
class Backoff:
    """How long to wait before the next attempt. Not thread-safe.

    The pauses double from ``first`` to ``most`` seconds. Half of each is random, so that clients that were cut
    together do not come back together. ``random`` gives numbers from 0 to 1.
    """

    random: Callable[[], float]
    first: float = 1.0
    most: float = 30.0
    most_asked: float = 300.0
    attempts: int = field(default=0, init=False)

    def next(self, *, first: float | None = None, at_least: float | None = None) -> float:
        """The next pause in seconds. ``first`` replaces the first pause, ``at_least`` is what Retry-After asks for."""
        # A proxy may ask for a year: that is not taken literally.
        start = min(self.first if first is None else first, self.most_asked)
        pause = max(start, min(self.most, start * 2.0 ** min(self.attempts, 30)))
        self.attempts += 1
        asked = min(at_least or 0.0, self.most_asked)
        return max(pause * (0.5 + self.random() / 2), asked)

    def succeeded(self) -> None:
        """The next failure begins with the shortest pause."""
        self.attempts = 0
