"""The events that wait to be published: bounded, in the order of each channel, one request under way at a time. Pure."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from . import _answers
from ._answers import Answer, Backoff
from ._errors import BufferFullError, PublishError, PublishRefusedError, PublishTimeoutError

Receipt = TypeVar("Receipt")


@dataclass(frozen=True)
class Published:
    """An event that is in the log. ``position`` is the cursor of a subscriber that has seen it."""

    id: str
    position: str


@dataclass(frozen=True)
class Settings:
    """The bounds of a publisher; times are in seconds. See SSEPublisher."""

    max_events: int = 10_000
    max_bytes: int = 16 * 1024 * 1024
    max_batch_events: int = 500
    max_batch_bytes: int = 4 * 1024 * 1024
    linger: float = 0.05
    retry_for: float | None = None
    when_full: Literal["raise", "drop_oldest"] = "raise"


@dataclass(eq=False)
class Waiting(Generic[Receipt]):
    """An event that waits. ``text`` is what is sent of it, JSON; its ``id`` is the one that it will have in the log."""

    channel: str
    type: str
    id: str
    text: bytes
    receipt: Receipt
    since: float


@dataclass(eq=False)
class Batch(Generic[Receipt]):
    """One request. It is sent again with the same body and the same idempotency key, so that nothing is published twice."""

    channel: str
    key: str
    events: list[Waiting[Receipt]]
    backoff: Backoff
    begun: float

    @property
    def body(self) -> bytes:
        return b"[" + b",".join(event.text for event in self.events) + b"]"


@dataclass(frozen=True)
class Delivered(Generic[Receipt]):
    """An event is in the log."""

    event: Waiting[Receipt]
    published: Published


@dataclass(frozen=True)
class Undelivered(Generic[Receipt]):
    """An event was given up."""

    event: Waiting[Receipt]
    error: PublishError


Outcome = Delivered[Receipt] | Undelivered[Receipt]


def encode(type_: str, id_: str, data: Any) -> bytes:
    """An event as it is sent. Raises TypeError or ValueError for what JSON cannot say, NaN for example."""
    return json.dumps({"type": type_, "id": id_, "data": data}, allow_nan=False, separators=(",", ":")).encode()


@dataclass
class _Lane(Generic[Receipt]):
    """The events of one channel. ``batch`` is the one that is sent, or sent again at ``not_before``."""

    events: deque[Waiting[Receipt]] = field(default_factory=deque)
    batch: Batch[Receipt] | None = None
    not_before: float = 0.0


class Outbox(Generic[Receipt]):
    """Events by channel. Not thread-safe. Times are of one monotonic clock, in seconds."""

    def __init__(self, settings: Settings, new_key: Callable[[], str], random: Callable[[], float]) -> None:
        self._settings = settings
        self._new_key = new_key
        self._random = random
        # In the order in which they are looked at: whoever was served goes to the end.
        self._lanes: dict[str, _Lane[Receipt]] = {}
        self._events = 0
        self._bytes = 0
        self._paused_until = 0.0

    def __len__(self) -> int:
        return self._events

    def receipts(self) -> list[Receipt]:
        """The receipts of all that wait or are under way."""
        return [event.receipt for lane in self._lanes.values() for event in (*_sent(lane), *lane.events)]

    def offer(self, event: Waiting[Receipt]) -> list[Undelivered[Receipt]]:
        """Takes an event; returns those that it has pushed out. Raises BufferFullError if there is no room for it."""
        dropped: list[Undelivered[Receipt]] = []
        while self._events >= self._settings.max_events or self._bytes + len(event.text) > self._settings.max_bytes:
            oldest = self._oldest() if self._settings.when_full == "drop_oldest" else None
            if oldest is None:
                raise BufferFullError(
                    f"{self._events} events with {self._bytes} bytes wait to be published,"
                    f" at most {self._settings.max_events} with {self._settings.max_bytes} may"
                )
            self._forget([oldest])
            lane = self._lanes[oldest.channel]
            lane.events.popleft()
            if not lane.events and lane.batch is None:
                del self._lanes[oldest.channel]
            dropped.append(Undelivered(oldest, BufferFullError("the event was dropped for a newer one")))
        self._lanes.setdefault(event.channel, _Lane()).events.append(event)
        self._events += 1
        self._bytes += len(event.text)
        return dropped

    def _oldest(self) -> Waiting[Receipt] | None:
        """The oldest event that is in no request yet: what may be in the log already is not taken back."""
        heads = [lane.events[0] for lane in self._lanes.values() if lane.events]
        return min(heads, key=lambda event: event.since, default=None)

    def next(self, now: float, flushing: bool) -> Batch[Receipt] | float | None:
        """The request to send now; or in how many seconds to ask again; or None while there is nothing to send.

        Nothing else may be asked before the answer to a request was given to ``answered`` or ``failed``.
        """
        soonest: float | None = None
        for channel, lane in self._lanes.items():
            due = max(self._due(lane, flushing), self._paused_until)
            if due <= now:
                if lane.batch is None:
                    lane.batch = self._batch(channel, lane, now)
                self._lanes[channel] = self._lanes.pop(channel)
                return lane.batch
            soonest = due if soonest is None else min(soonest, due)
        return None if soonest is None else soonest - now

    def _due(self, lane: _Lane[Receipt], flushing: bool) -> float:
        if lane.batch is not None or flushing or len(lane.events) >= self._settings.max_batch_events:
            return lane.not_before
        return max(lane.not_before, lane.events[0].since + self._settings.linger)

    def _batch(self, channel: str, lane: _Lane[Receipt], now: float) -> Batch[Receipt]:
        events = [lane.events.popleft()]
        size = len(events[0].text)
        while lane.events and len(events) < self._settings.max_batch_events:
            size += len(lane.events[0].text)
            if size > self._settings.max_batch_bytes:
                break
            events.append(lane.events.popleft())
        return self._new_batch(channel, events, now)

    def _new_batch(self, channel: str, events: list[Waiting[Receipt]], now: float) -> Batch[Receipt]:
        return Batch(channel, self._new_key(), events, Backoff(self._random), now)

    def failed(self, batch: Batch[Receipt], reason: str, now: float) -> list[Outcome[Receipt]]:
        """There was no answer. The server is not asked for anything else meanwhile either."""
        return self._retry(batch, reason, now, None, everything=True)

    def answered(
        self, batch: Batch[Receipt], answer: Answer, now: float, unix_time: float, renews_token: bool
    ) -> list[Outcome[Receipt]]:
        """There was an answer; returns what has become of which events."""
        if answer.status == 202:
            published = _published(answer, len(batch.events))
            if published is None:
                return self._retry(batch, "202 without the events that it is for", now, None)
            self._finish(batch)
            return [Delivered(event, at) for event, at in zip(batch.events, published, strict=True)]
        problem = _answers.problem(answer)
        passing = answer.status < 300 or answer.status >= 500 or answer.status in _answers.PASSING
        if passing or (answer.status == 401 and renews_token):
            wait = _answers.retry_after(answer, unix_time)
            reason = f"{answer.status} {problem.type}: {problem.detail}"
            return self._retry(batch, reason, now, wait, everything=answer.status == 429)
        error = PublishRefusedError(answer.status, problem.type, problem.detail, problem.errors)
        return self._refused(batch, error, now)

    def _retry(
        self, batch: Batch[Receipt], reason: str, now: float, wait: float | None, everything: bool = False
    ) -> list[Outcome[Receipt]]:
        pause = batch.backoff.next(at_least=wait)
        limit = self._settings.retry_for
        if limit is not None and now + pause > batch.begun + limit:
            self._finish(batch)
            error = PublishTimeoutError(f"not acknowledged within {limit:g} s; the last attempt: {reason}")
            return [Undelivered(event, error) for event in batch.events]
        self._lanes[batch.channel].not_before = now + pause
        if everything:
            self._paused_until = now + pause
        return []

    def _refused(self, batch: Batch[Receipt], error: PublishRefusedError, now: float) -> list[Outcome[Receipt]]:
        """A refused request had no effect, so what is not to blame is sent again in a new one, before anything newer."""
        bad = _blamed(error, len(batch.events))
        if len(batch.events) == 1 or (not bad and error.status not in (400, 413)):
            bad = set(range(len(batch.events)))
        rest = [event for i, event in enumerate(batch.events) if i not in bad]
        gone = [event for i, event in enumerate(batch.events) if i in bad]
        lane = self._lanes[batch.channel]
        if not rest:
            self._finish(batch)
        else:
            self._forget(gone)
            first = rest if bad else rest[: (len(rest) + 1) // 2]
            lane.events.extendleft(reversed(rest[len(first) :]))
            lane.batch = self._new_batch(batch.channel, first, now)
        return [Undelivered(event, error) for event in gone]

    def _finish(self, batch: Batch[Receipt]) -> None:
        lane = self._lanes[batch.channel]
        lane.batch = None
        lane.not_before = 0.0
        self._forget(batch.events)
        if not lane.events:
            del self._lanes[batch.channel]

    def _forget(self, events: Iterable[Waiting[Receipt]]) -> None:
        for event in events:
            self._events -= 1
            self._bytes -= len(event.text)

    def give_up(self, error: PublishError) -> list[Undelivered[Receipt]]:
        """Everything that is left, as not delivered; nothing is left then."""
        left = [event for lane in self._lanes.values() for event in (*_sent(lane), *lane.events)]
        self._lanes.clear()
        self._events = self._bytes = 0
        return [Undelivered(event, error) for event in left]


def _sent(lane: _Lane[Receipt]) -> list[Waiting[Receipt]]:
    return [] if lane.batch is None else lane.batch.events


def _published(answer: Answer, count: int) -> list[Published] | None:
    try:
        events = json.loads(answer.body)["events"]
        published = [Published(str(event["id"]), str(event["position"])) for event in events]
    except (ValueError, KeyError, TypeError):
        return None
    return published if len(published) == count else None


def _blamed(error: PublishRefusedError, count: int) -> set[int]:
    """The events that the faults of a refusal name: ``[3].type`` is one of the fourth event."""
    found = set()
    for name, _ in error.errors:
        index = name.partition("]")[0].removeprefix("[")
        if name.startswith("[") and index.isascii() and index.isdigit() and int(index) < count:
            found.add(int(index))
    return found
