"""Pages of a channel's past: what is asked for, what is tried again, what is told. The core is pure, see ``_effects``."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import httpx

from . import _answers
from ._answers import Answer, Backoff
from ._connection import stream_failure
from ._effects import Connect, Failed, NeedToken, Reply, Token, Wait
from ._errors import HistoryError, HistoryRefusedError, ProtocolError, TokenError
from ._events import Event, Gap, Item, Reset, Unreadable, json_object
from ._publishing import url_of

MAX_PAGE = 1000
"""The most events on one page of the server."""

MAX_PAGES = 100
"""So many pages are asked for until there are enough events: those of a quiet channel among busy ones can be empty."""

_TIMEOUT = httpx.Timeout(10.0, read=30.0)


@dataclass(frozen=True)
class HistoryPage:
    """What a channel had.

    ``items`` are its events, with gaps and resets at their place. ``next`` goes on in the same direction; None at the end.
    ``position`` is a cursor: a subscription that resumes there has what came after the newest of them.
    """

    items: tuple[Item, ...]
    next: str | None
    position: str


@dataclass
class HistoryQuery:
    """One call of ``history``. Not thread-safe."""

    channel: str
    limit: int = 100
    before: str | None = None
    after: str | None = None
    retry_for: float = 30.0
    renews_token: bool = False
    backoff: Backoff = field(default_factory=lambda: Backoff(random.random))
    clock: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise ValueError(f"limit is {self.limit}, expected at least 1")
        if self.before is not None and self.after is not None:
            raise ValueError("before and after are given, expected one of them")

    def run(self) -> Generator[NeedToken | Connect | Wait, Reply, HistoryPage]:
        """Asks for pages until there are as many events as wanted, or no more."""
        forwards = self.after is not None
        at = self.after if forwards else self.before
        items: list[Item] = []
        missing, position = self.limit, ""
        for number in range(1, MAX_PAGES + 1):
            params = {"limit": str(min(missing, MAX_PAGE))}
            if at is not None:
                params["after" if forwards else "before"] = at
            answer = yield from self._answer(params)
            try:
                page = json_object(answer.body.decode())
                events = [_item(self.channel, each) for each in page["events"]]
                items += _losses(self.channel, page)
                following: str | None = page["next"]
                position = str(page["position"]) if forwards or number == 1 else position
            except (ValueError, KeyError, TypeError, AttributeError) as e:
                raise ProtocolError(f"the answer is no page of events; is the URL that of Tailrace? {e!r}") from None
            items += events
            missing -= len(events)
            if following is None or missing <= 0:
                break
            at = following
        return HistoryPage(tuple(items), following, position)

    def _answer(self, params: dict[str, str]) -> Generator[NeedToken | Connect | Wait, Reply, Answer]:
        """An answer with 200; what passes is tried again until ``retry_for`` is over."""
        deadline = self.monotonic() + self.retry_for
        renewed = False
        while True:
            token = yield NeedToken()
            wait: float | None = None
            if isinstance(token, Token):
                headers = {} if token.text is None else {"Authorization": f"Bearer {token.text}"}
                answer = yield Connect(params, headers)
                if isinstance(answer, Answer):
                    if answer.status == 200:
                        return answer
                    problem = _answers.problem(answer)
                    if answer.status == 401 and self.renews_token and not renewed:
                        renewed = True
                        continue
                    if answer.status < 500 and answer.status not in _answers.PASSING:
                        raise HistoryRefusedError(answer.status, problem.type, problem.detail, problem.errors)
                    wait = _answers.retry_after(answer, self.clock())
                    failure: TokenError | HistoryError = HistoryError(f"{answer.status} {problem.type}: {problem.detail}")
                else:
                    failure = HistoryError(answer.reason if isinstance(answer, Failed) else "the driver did not reply")
            else:
                failure = TokenError(f"no token: {token.reason if isinstance(token, Failed) else 'none was given'}")
            seconds = self.backoff.next(at_least=wait)
            if self.monotonic() + seconds > deadline:
                raise failure
            yield Wait(seconds)


def read(url: str, query: HistoryQuery, http: httpx.Client, token: Callable[[], Token | Failed]) -> HistoryPage:
    """Carries out a query."""
    run = query.run()
    reply: Reply = None
    while True:
        try:
            effect = run.send(reply)
        except StopIteration as done:
            return _page(done)
        reply = None
        if isinstance(effect, NeedToken):
            reply = token()
        elif isinstance(effect, Wait):
            time.sleep(effect.seconds)
        else:
            try:
                response = http.get(
                    url_of(url, query.channel), params=effect.params, headers=effect.headers, timeout=_TIMEOUT
                )
                reply = Answer(response.status_code, dict(response.headers), response.content)
            except httpx.HTTPError as e:
                reply = Failed(stream_failure(e))


async def read_async(
    url: str, query: HistoryQuery, http: httpx.AsyncClient, token: Callable[[], Awaitable[Token | Failed]]
) -> HistoryPage:
    """Carries out a query with asyncio."""
    run = query.run()
    reply: Reply = None
    while True:
        try:
            effect = run.send(reply)
        except StopIteration as done:
            return _page(done)
        reply = None
        if isinstance(effect, NeedToken):
            reply = await token()
        elif isinstance(effect, Wait):
            await asyncio.sleep(effect.seconds)
        else:
            try:
                response = await http.get(
                    url_of(url, query.channel), params=effect.params, headers=effect.headers, timeout=_TIMEOUT
                )
                reply = Answer(response.status_code, dict(response.headers), response.content)
            except httpx.HTTPError as e:
                reply = Failed(stream_failure(e))


def _page(done: StopIteration) -> HistoryPage:
    page = done.value
    assert isinstance(page, HistoryPage)
    return page


def _item(channel: str, each: dict[str, Any]) -> Item:
    cursor, data = str(each["id"]), each["data"]
    if not isinstance(data, dict):
        # Where the log has no JSON, the page has its text.
        return Unreadable(channel, str(data), cursor)
    return Event(channel, str(each["event"]), data["data"], str(data["id"]), str(data["time"]), cursor)


def _losses(channel: str, page: dict[str, Any]) -> list[Item]:
    losses: list[Item] = []
    gap, reset = page.get("gap"), page.get("reset")
    if gap is not None:
        losses.append(Gap((channel,), int(gap["from"]), int(gap["to"]), int(gap["lost"]), None))
    if reset is not None:
        losses.append(Reset(str(reset["reason"]), (channel,), None))
    return losses
