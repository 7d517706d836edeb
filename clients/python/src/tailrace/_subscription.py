"""The core of a subscription: connects, resumes, retries and tells what is lost. Pure, see ``_effects``."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from . import _answers
from ._answers import Answer, Backoff
from ._effects import Close, Connect, Deliver, Effect, Fail, Failed, NeedToken, Read, Reply, Tell, Token, Wait
from ._errors import (
    ChannelsRefusedError,
    EventTooLargeError,
    LostEventsError,
    ProtocolError,
    SubscriptionError,
    SubscriptionRefusedError,
    TokenError,
)
from ._events import (
    ChannelsChanged,
    Event,
    Gap,
    Item,
    Reset,
    StateChange,
    Unreadable,
    json_object,
    names,
    reasons,
)
from ._sse import Decoder, Frame

Run = Generator[Effect, Reply, None]
Step = Generator[Effect, Reply, bool]


@dataclass
class Subscription:
    """One subscription over all of its connections. Not thread-safe.

    ``cursor`` is the position behind what was delivered last. Whatever is delivered moves it first, so that a program that
    breaks off resumes behind what it has. ``past`` is delivered first, and ``cursor`` is the position behind it.

    What looks like a fault of the configuration (an answer that is no stream, a token callback that raises) is raised
    until the stream has been open once. After that it is retried, because it then passes as a rule: a proxy shows a page
    of its own while the server behind it restarts.
    """

    channels: Sequence[str]
    backoff: Backoff
    start: str | None = None
    cursor: str | None = None
    heartbeat: int = 15
    lost: Literal["raise", "yield"] = "raise"
    refused: Literal["raise", "skip"] = "raise"
    renews_token: bool = False
    max_event_bytes: int = 16 * 1024 * 1024
    clock: Callable[[], float] = time.time
    past: Sequence[Item] = ()
    _retry_s: float | None = field(default=None, init=False)
    _been_open: bool = field(default=False, init=False)
    _token: str | None = field(default=None, init=False, repr=False)
    _expired_token: str | None = field(default=None, init=False, repr=False)
    _tokens_refused: int = field(default=0, init=False)
    _told_resets: set[tuple[str, str]] = field(default_factory=set, init=False)

    def run(self) -> Run:
        """Runs for ever. After ``Fail`` it tries again when it is asked for its next effect."""
        yield from self._past()
        while True:
            yield Tell(StateChange("connecting"))
            token = yield NeedToken()
            if not isinstance(token, Token):
                yield from self._again(f"no token: {_reason(token)}", TokenError)
                continue
            if token.text is not None and token.text == self._expired_token:
                yield from self._again("the token callback gave the token that has expired")
                continue
            self._token = token.text
            answer = yield Connect(self._params(), self._headers(token.text))
            if not isinstance(answer, Answer):
                yield from self._again(_reason(answer))
            elif answer.status != 200:
                yield from self._refusal(answer)
            elif not answer.headers.get("content-type", "").lower().startswith("text/event-stream"):
                yield Close()
                yield from self._again(
                    f"the answer is {answer.headers.get('content-type') or 'without a type'},"
                    " expected text/event-stream; is the URL that of Tailrace?",
                    ProtocolError,
                )
            else:
                yield from self._stream()

    def _past(self) -> Run:
        """Gives what was read before the stream, which begins at the position behind all of it."""
        behind = self.cursor
        for item in self.past:
            self.cursor = item.cursor or self.cursor
            if isinstance(item, Event):
                yield Deliver(item)
            elif isinstance(item, Unreadable):
                yield Fail(ProtocolError(f"the data of an event of {item.channel} is not JSON: {item.text[:80]!r}"))
            else:
                yield self._loss(item)
        self.past = ()
        self.cursor = behind

    def _params(self) -> dict[str, str]:
        params = {"channels": ",".join(self.channels), "heartbeat": str(self.heartbeat), "refusal": "status"}
        if self.start is not None:
            params["start"] = self.start
        return params

    def _headers(self, token: str | None) -> dict[str, str]:
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store", "Accept-Encoding": "identity"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if self.cursor is not None:
            headers["Last-Event-ID"] = self.cursor
        return headers

    def _again(
        self, reason: str, error: type[SubscriptionError] | None = None, at_least: float | None = None
    ) -> Run:
        """Waits and lets the next attempt follow, or raises ``error`` if the stream has never been open."""
        if error is not None and not self._been_open:
            yield Fail(error(reason))
            return
        # Time passes, so the next token that is refused may have ended meanwhile.
        self._tokens_refused = 0
        seconds = self.backoff.next(first=self._retry_s, at_least=at_least)
        yield Tell(StateChange("waiting", reason, seconds))
        yield Wait(seconds)

    def _refusal(self, answer: Answer) -> Run:
        yield Close()
        problem = _answers.problem(answer)
        if answer.status >= 500 or answer.status in _answers.PASSING:
            wait = _answers.retry_after(answer, self.clock())
            yield from self._again(f"{answer.status} {problem.type}: {problem.detail}", None, wait)
            return
        if answer.status == 401 and self.renews_token and self._tokens_refused == 0:
            # The callback may have given one that ended a moment ago.
            self._tokens_refused += 1
            return
        self._tokens_refused = 0
        if problem.type in ("forbidden", "undeclared-namespace"):
            named = [message for _, message in problem.errors if message in self.channels]
            if named:
                yield from self._without({channel: problem.type for channel in named})
                return
        yield Fail(SubscriptionRefusedError(answer.status, problem.type, problem.detail, problem.errors))

    def _without(self, refused: dict[str, str]) -> Run:
        """Goes on without channels, or raises where the program did not ask for that or nothing is left."""
        rest = [channel for channel in self.channels if channel not in refused]
        if self.refused == "skip" and rest:
            self.channels = rest
            yield Tell(ChannelsChanged(refused=tuple(refused.items())))
        else:
            yield Fail(ChannelsRefusedError(refused))

    def _stream(self) -> Run:
        decoder = Decoder(self.max_event_bytes)
        self._told_resets.clear()
        reason = "the server closed the stream"
        while True:
            chunk = yield Read()
            if not isinstance(chunk, bytes):
                reason = _reason(chunk)
                break
            try:
                for frame in decoder.feed(chunk):
                    if (yield from self._frame(frame)):
                        return
            except EventTooLargeError as e:
                yield Close()
                yield Fail(e)
                return
        yield Close()
        yield from self._again(reason)

    def _frame(self, frame: Frame) -> Step:
        """Takes a frame; says whether it was the last one of this connection."""
        if frame.retry_ms is not None:
            self._retry_s = frame.retry_ms / 1000
        if frame.data is None:
            self._move(frame)
            return False
        type_ = frame.event or "message"
        try:
            data = json_object(frame.data)
            if type_.startswith("stream."):
                return (yield from self._control(type_, data, frame))
            event = Event(
                str(data["channel"]), type_, data["data"], str(data["id"]), str(data["time"]), frame.id or self.cursor
            )
        except (ValueError, KeyError, TypeError, RecursionError) as e:
            # The position moves, or iterating again would meet the same frame for ever.
            self._move(frame)
            yield Fail(ProtocolError(f"the data of an event {type_} is not as expected: {e!r}"))
            return False
        self._move(frame)
        yield Deliver(event)
        return False

    def _move(self, frame: Frame) -> None:
        if frame.id is not None:
            self.cursor = frame.id

    def _control(self, type_: str, data: dict[str, Any], frame: Frame) -> Step:
        if type_ == "stream.gap":
            channels = names(data["channels"])
            gap = Gap(channels, int(data["from"]), int(data["to"]), int(data["lost"]), frame.id or self.cursor)
            self._move(frame)
            yield self._loss(gap)
        elif type_ == "stream.reset":
            reset = Reset(str(data["reason"]), names(data["channels"]), frame.id or self.cursor)
            self._move(frame)
            if not all((reset.reason, channel) in self._told_resets for channel in reset.channels):
                yield self._loss(reset)
        elif type_ == "stream.open":
            yield from self._opened(data, frame)
        elif type_ == "stream.caught_up":
            self._move(frame)
            yield Tell(StateChange("caught_up"))
        elif type_ == "stream.channels":
            self._move(frame)
            yield from self._changed(data)
        elif type_ == "stream.closing":
            self._move(frame)
            yield from self._closing(data)
            return True
        else:
            self._move(frame)
        return False

    def _opened(self, data: dict[str, Any], frame: Frame) -> Run:
        # Its cursor already stands behind the resets that it names: a client that is cut before stream.reset never gets
        # that event, so they are told here.
        resets: dict[str, list[str]] = {}
        for entry in data["channels"]:
            reason = entry["start"].get("reset")
            if reason is not None:
                resets.setdefault(str(reason), []).append(str(entry["channel"]))
        self._move(frame)
        self._been_open = True
        self._tokens_refused = 0
        self.backoff.succeeded()
        yield Tell(StateChange("open"))
        for reason, channels in resets.items():
            self._told_resets.update((reason, channel) for channel in channels)
            yield self._loss(Reset(reason, tuple(channels), self.cursor))

    def _changed(self, data: dict[str, Any]) -> Run:
        change = ChannelsChanged(
            added=names(data.get("added")),
            removed=reasons(data.get("removed")),
            refused=reasons(data.get("refused")),
            unavailable=names(data.get("unavailable")),
            available=names(data.get("available")),
        )
        yield Tell(change)
        revoked = {channel: reason for channel, reason in change.removed if reason and channel in self.channels}
        if revoked:
            # The stream goes on without them by itself, also when the program iterates on after the error.
            self.channels = [channel for channel in self.channels if channel not in revoked]
            if self.refused == "raise":
                yield Fail(ChannelsRefusedError(revoked))

    def _closing(self, data: dict[str, Any]) -> Run:
        yield Close()
        reason = str(data.get("reason", ""))
        if reason == "token_expired" and self.renews_token:
            self._expired_token = self._token
            return
        if data.get("reconnect", True):
            yield from self._again(f"the server closes the stream: {reason}")
        elif reason == "token_expired":
            yield Fail(TokenError("the token has expired; pass a callback as token to renew it"))
        else:
            yield Fail(SubscriptionError(f"the server closed the stream for good: {reason}"))

    def _loss(self, loss: Gap | Reset) -> Effect:
        return Deliver(loss) if self.lost == "yield" else Fail(LostEventsError(loss))


def _reason(reply: Reply) -> str:
    return reply.reason if isinstance(reply, Failed) else "the driver did not reply"
