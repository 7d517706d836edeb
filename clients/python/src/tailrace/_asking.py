"""Asking models: an answer is events of a channel."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx

from ._answer_fold import AnswerEvent, AnswerFold
from ._async_subscriber import AsyncSubscriber
from ._calls import AsyncCaller, Caller, Send, Steps, retried
from ._errors import AnswerFailedError, RequestError, RequestRefusedError
from ._events import Event
from ._messages import uuid7
from ._subscriber import Subscriber

_ENDED = ("completed", "failed", "cancelled")
_PAGE = 1000


@dataclass(frozen=True)
class _Access:
    renews_token: bool
    retry_for: float


def _view(access: _Access, id: str) -> Steps[Any]:
    return retried(Send("GET", f"/answers/{quote(id, safe='')}"), access.renews_token, access.retry_for, "channel")


def _check(access: _Access, id: str, channel: str, fold: AnswerFold, least: int) -> Steps[list[AnswerEvent]]:
    """Reads what the log has of it, and how it has ended if it has."""
    try:
        # Before the log: what has ended has all of its events there.
        view = yield from _view(access, id)
        events: list[AnswerEvent] = []
        after: str | None = "earliest"
        while after is not None:
            path = f"/channels/{quote(channel, safe=':')}/events?limit={_PAGE}&after={quote(after, safe='')}"
            page = yield from retried(Send("GET", path), access.renews_token, access.retry_for, "events")
            for each in page["events"]:
                envelope = each["data"]
                data = envelope.get("data") if isinstance(envelope, dict) else None
                event = fold.take(str(each["event"]), data)
                if event is not None:
                    events.append(event)
            after = page["next"]
    except RequestRefusedError:
        raise
    except RequestError:
        # The server is away: the channel goes on when it is back.
        return []
    if view["state"] in _ENDED and (fold.end is None or fold.attempt < max(least, int(view.get("attempt", 0)))):
        events += fold.close(view)
    elif fold.has_hole:
        events.append(fold.tell_hole())
    return events


def _ask(access: _Access, body: bytes, key: str) -> Steps[Any]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    return retried(Send("POST", "/answers", headers, body), access.renews_token, access.retry_for, "channel")


def _cancel(access: _Access, id: str) -> Steps[str]:
    try:
        path = f"/answers/{quote(id, safe='')}/cancel"
        done = yield from retried(Send("POST", path), access.renews_token, access.retry_for, "state")
    except RequestRefusedError as e:
        if e.status != 409:
            raise
        done = yield from _view(access, id)
    return str(done["state"])


def _models(access: _Access) -> Steps[list[dict[str, Any]]]:
    found = yield from retried(Send("GET", "/models"), access.renews_token, access.retry_for, "models")
    return list(found["models"])


def _question(
    model: str,
    messages: Sequence[Mapping[str, str]] | str,
    uploads: Sequence[str],
    max_tokens: int | None,
    temperature: float | None,
) -> bytes:
    said = [{"role": "user", "content": messages}] if isinstance(messages, str) else [dict(each) for each in messages]
    body: dict[str, Any] = {"model": model, "messages": said}
    if uploads:
        body["uploads"] = list(uploads)
    if max_tokens is not None:
        body["max_tokens"] = max_tokens
    if temperature is not None:
        body["temperature"] = temperature
    return json.dumps(body, allow_nan=False, ensure_ascii=False).encode()


def _least(view: Mapping[str, Any]) -> int:
    return int(view.get("attempt", 0)) if view["state"] in _ENDED else 0


def _raise_for(event: AnswerEvent, text: str) -> None:
    if event.type == "answer_failed":
        raise AnswerFailedError(str(event.data.get("reason", "unknown")), str(event.data.get("detail", "")), text)
    if event.type == "answer_cancelled":
        raise AnswerFailedError("cancelled", "the answer was cancelled", text)


class Answer:
    """An answer, which runs whether somebody reads it or not. Made by ``Answers``; for one thread.

    ``for event in answer`` gives its events from its beginning to its end, each time, whatever connections are lost. ``id``
    is what ``Answers.resume`` needs.
    """

    def __init__(self, answers: Answers, accepted: Mapping[str, Any], least: int = 0) -> None:
        self._answers = answers
        self._least = least
        self.id = str(accepted["id"])
        self.channel = str(accepted["channel"])

    def __iter__(self) -> Iterator[AnswerEvent]:
        fold = AnswerFold()
        cursor: str | None = None
        while not fold.is_over(self._least):
            start = "earliest" if cursor is None else None
            stream = self._answers._subscriber.events([self.channel], start=start, cursor=cursor, lost="yield")
            with stream:
                while not fold.is_over(self._least):
                    # A stream that is silent for so long is looked at; it goes on at its cursor.
                    watchdog = threading.Timer(self._answers._check_s, stream.close)
                    watchdog.daemon = True
                    watchdog.start()
                    item = next(stream, None)
                    watchdog.cancel()
                    event = fold.take(item.type, item.data) if isinstance(item, Event) else None
                    if event is not None:
                        yield event
                    if not isinstance(item, Event) or fold.has_hole:
                        yield from self._checked(fold)
                    if item is None:
                        break
            cursor = stream.cursor

    def _checked(self, fold: AnswerFold) -> list[AnswerEvent]:
        return self._answers._caller.run(_check(self._answers._access, self.id, self.channel, fold, self._least))

    def text(self) -> str:
        """The whole text, when it is there. Raises AnswerFailedError if the answer failed or was cancelled."""
        text = ""
        for event in self:
            text = "" if event.type == "answer_started" else text + event.text
            _raise_for(event, text)
        return text

    def cancel(self) -> str:
        """Ends it; what was said stays. Gives its state: ``cancelled``, or how it has ended before."""
        return self._answers._caller.run(_cancel(self._answers._access, self.id))

    def view(self) -> dict[str, Any]:
        """What the server says of it now, with the text that there is."""
        return dict(self._answers._caller.run(_view(self._answers._access, self.id)))


class Answers:
    """Asks models. ``token`` is that of somebody with an account, or a callback that gives one. Thread-safe but for ``close``.

    What passes by itself is tried again for ``retry_for`` seconds. It raises RequestRefusedError and RequestError.
    """

    def __init__(
        self,
        url: str,
        token: str | Callable[[], str] | None = None,
        *,
        retry_for: float = 30.0,
        token_timeout: float = 30.0,
        check_after: float = 15.0,
        http: httpx.Client | None = None,
    ) -> None:
        self._caller = Caller(url, token, token_timeout, http)
        self._access = _Access(self._caller.renews_token, retry_for)
        self._subscriber = Subscriber(url, token=token, token_timeout=token_timeout, http=http)
        self._check_s = check_after

    def ask(
        self,
        model: str,
        messages: Sequence[Mapping[str, str]] | str,
        *,
        uploads: Sequence[str] = (),
        max_tokens: int | None = None,
        temperature: float | None = None,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Asks a model: what was said so far as ``{role, content}``, the question last, or the question alone as a text.

        ``uploads`` are ids of files about which it is asked. The same ``idempotency_key`` is the same answer.
        """
        body = _question(model, messages, uploads, max_tokens, temperature)
        return Answer(self, self._caller.run(_ask(self._access, body, idempotency_key or uuid7())))

    def resume(self, id: str) -> Answer:
        """An answer that was asked for before. Its events come from its beginning."""
        view = self._caller.run(_view(self._access, id))
        return Answer(self, view, _least(view))

    def models(self) -> list[dict[str, Any]]:
        """The models that can be asked."""
        return self._caller.run(_models(self._access))

    def close(self) -> None:
        """Closes the connections, unless they were given."""
        self._caller.close()

    def __enter__(self) -> Answers:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class AsyncAnswer:
    """``Answer`` for asyncio: ``async for event in answer``. Made by ``AsyncAnswers``; for one task."""

    def __init__(self, answers: AsyncAnswers, accepted: Mapping[str, Any], least: int = 0) -> None:
        self._answers = answers
        self._least = least
        self.id = str(accepted["id"])
        self.channel = str(accepted["channel"])

    async def __aiter__(self) -> AsyncIterator[AnswerEvent]:
        fold = AnswerFold()
        stream = self._answers._subscriber.events([self.channel], start="earliest", lost="yield")
        async with stream:
            while not fold.is_over(self._least):
                try:
                    item = await asyncio.wait_for(anext(stream), self._answers._check_s)
                except asyncio.TimeoutError:
                    item = None
                event = fold.take(item.type, item.data) if isinstance(item, Event) else None
                if event is not None:
                    yield event
                if not isinstance(item, Event) or fold.has_hole:
                    steps = _check(self._answers._access, self.id, self.channel, fold, self._least)
                    for each in await self._answers._caller.run(steps):
                        yield each

    async def text(self) -> str:
        """As ``Answer.text``."""
        text = ""
        async for event in self:
            text = "" if event.type == "answer_started" else text + event.text
            _raise_for(event, text)
        return text

    async def cancel(self) -> str:
        """As ``Answer.cancel``."""
        return await self._answers._caller.run(_cancel(self._answers._access, self.id))

    async def view(self) -> dict[str, Any]:
        """As ``Answer.view``."""
        return dict(await self._answers._caller.run(_view(self._answers._access, self.id)))


class AsyncAnswers:
    """``Answers`` for asyncio. A token callback is a coroutine function."""

    def __init__(
        self,
        url: str,
        token: str | Callable[[], Awaitable[str]] | None = None,
        *,
        retry_for: float = 30.0,
        token_timeout: float = 30.0,
        check_after: float = 15.0,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self._caller = AsyncCaller(url, token, token_timeout, http)
        self._access = _Access(self._caller.renews_token, retry_for)
        self._subscriber = AsyncSubscriber(url, token=token, token_timeout=token_timeout, http=http)
        self._check_s = check_after

    async def ask(
        self,
        model: str,
        messages: Sequence[Mapping[str, str]] | str,
        *,
        uploads: Sequence[str] = (),
        max_tokens: int | None = None,
        temperature: float | None = None,
        idempotency_key: str | None = None,
    ) -> AsyncAnswer:
        """As ``Answers.ask``."""
        body = _question(model, messages, uploads, max_tokens, temperature)
        return AsyncAnswer(self, await self._caller.run(_ask(self._access, body, idempotency_key or uuid7())))

    async def resume(self, id: str) -> AsyncAnswer:
        """As ``Answers.resume``."""
        view = await self._caller.run(_view(self._access, id))
        return AsyncAnswer(self, view, _least(view))

    async def models(self) -> list[dict[str, Any]]:
        """As ``Answers.models``."""
        return await self._caller.run(_models(self._access))

    async def close(self) -> None:
        """Closes the connections, unless they were given."""
        await self._caller.close()

    async def __aenter__(self) -> AsyncAnswers:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
