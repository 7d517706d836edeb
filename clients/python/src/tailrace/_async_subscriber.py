"""The asynchronous subscriber: a driver of ``Subscription`` over httpx and asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from types import TracebackType
from typing import Any, Generic, Literal, TypeVar, cast, overload

import httpx

from ._answers import Answer
from ._connection import MAX_REFUSAL_BYTES, log_notice, stream_failure, stream_timeout, subscription
from ._effects import Close, Connect, Deliver, Effect, Fail, Failed, NeedToken, Read, Reply, Tell, Token, Wait
from ._events import Event, Gap, Notice, Reset, StateChange
from ._history import HistoryPage, HistoryQuery, read_async
from ._subscription import Subscription
from ._tokens import TokenSource, checked, checked_url

Item = TypeVar("Item", bound="Event | Gap | Reset")
AsyncToken = str | Callable[[], Awaitable[str]] | None


class AsyncEventStream(Generic[Item]):
    """An asynchronous iterator over the events of some channels, which never ends by itself.

    Made by ``AsyncSubscriber.events``; for one task. Cancelling a wait for the next event, by ``asyncio.wait_for`` for
    example, loses nothing and does not cost the connection. An error that it raises does not end it.
    """

    def __init__(
        self,
        url: str,
        core: Subscription,
        http: httpx.AsyncClient,
        owns_http: bool,
        token: AsyncToken,
        token_timeout_s: float,
        on_notice: Callable[[Notice], None] | None,
    ) -> None:
        self._url = url
        self._core = core
        self._http = http
        self._owns_http = owns_http
        self._token = token
        self._token_timeout_s = token_timeout_s
        self._on_notice = on_notice
        self._run = core.run()
        self._effect: Effect | None = None
        self._reply: Reply = None
        self._performing: asyncio.Task[Reply] | None = None
        self._open = False
        self._closed = False
        self._response: httpx.Response | None = None
        self._chunks: AsyncIterator[bytes] | None = None

    @property
    def cursor(self) -> str | None:
        """The position behind the last event that was given; None before the stream was open."""
        return self._core.cursor

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that are still subscribed to."""
        return tuple(self._core.channels)

    async def connect(self) -> AsyncEventStream[Item]:
        """Waits until the server has said that the stream is open. What is published from then on is received."""
        while not self._open and not self._closed:
            effect = await self._next_effect()
            if isinstance(effect, Fail):
                raise effect.error
        return self

    def __aiter__(self) -> AsyncEventStream[Item]:
        return self

    async def __anext__(self) -> Item:
        while not self._closed:
            effect = await self._next_effect()
            if isinstance(effect, Deliver):
                return cast("Item", effect.item)
            if isinstance(effect, Fail):
                raise effect.error
        raise StopAsyncIteration

    async def _next_effect(self) -> Effect:
        """Carries out an effect and returns it. If the wait for it is cancelled, the next call waits for the same one."""
        effect = self._effect or self._run.send(self._reply)
        self._effect = effect
        if isinstance(effect, Tell):
            self._tell(effect.notice)
            self._reply = None
        elif not isinstance(effect, Deliver | Fail):
            if self._performing is None:
                self._performing = asyncio.ensure_future(self._perform(effect))
            try:
                self._reply = await asyncio.shield(self._performing)
            except asyncio.CancelledError:
                if not self._closed or not self._performing.cancelled():
                    raise
                # Another task has closed the stream.
                self._reply = None
            self._performing = None
        else:
            self._reply = None
        self._effect = None
        return effect

    async def _perform(self, effect: Effect) -> Reply:
        if isinstance(effect, NeedToken):
            return await _next_token(self._token, self._token_timeout_s)
        if isinstance(effect, Connect):
            return await self._connect(effect)
        if isinstance(effect, Read):
            return await self._read()
        if isinstance(effect, Close):
            await self._disconnect()
        elif isinstance(effect, Wait):
            await asyncio.sleep(effect.seconds)
        return None

    async def _connect(self, effect: Connect) -> Reply:
        try:
            request = self._http.build_request(
                "GET",
                self._url,
                params=effect.params,
                headers=effect.headers,
                timeout=stream_timeout(self._core.heartbeat),
            )
            response = await self._http.send(request, stream=True)
            self._response = response
            self._chunks = response.aiter_bytes()
            body = b"" if response.status_code == 200 else await self._refusal(self._chunks)
        except httpx.HTTPError as e:
            await self._disconnect()
            return Failed(stream_failure(e))
        return Answer(response.status_code, dict(response.headers), body)

    @staticmethod
    async def _refusal(chunks: AsyncIterator[bytes]) -> bytes:
        body = b""
        async for chunk in chunks:
            body += chunk
            if len(body) > MAX_REFUSAL_BYTES:
                break
        return body

    async def _read(self) -> Reply:
        if self._chunks is None:
            return Failed("the stream was closed")
        try:
            return await anext(self._chunks)
        except StopAsyncIteration:
            return Failed("the connection ended")
        except (httpx.HTTPError, httpx.StreamError, OSError) as e:
            return Failed(stream_failure(e))

    async def _disconnect(self) -> None:
        self._open = False
        response, self._response, self._chunks = self._response, None, None
        if response is not None:
            await response.aclose()

    def _tell(self, notice: Notice) -> None:
        self._open = self._open or notice == StateChange("open")
        log_notice(notice)
        if self._on_notice is not None:
            self._on_notice(notice)

    async def aclose(self) -> None:
        """Ends the iteration, also one that waits in another task. It can be called again."""
        if self._closed:
            return
        self._closed = True
        if self._performing is not None:
            self._performing.cancel()
            await asyncio.wait([self._performing])
        await self._disconnect()
        if self._owns_http:
            await self._http.aclose()
        self._tell(StateChange("closed"))

    async def __aenter__(self) -> AsyncEventStream[Item]:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class AsyncSubscriber:
    """``Subscriber`` for asyncio. ``token`` is a token or a coroutine function that gives one for every connection."""

    def __init__(
        self,
        url: str,
        *,
        token: AsyncToken = None,
        token_timeout: float = 30.0,
        heartbeat: int = 15,
        max_event_bytes: int = 16 * 1024 * 1024,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self._gateway = checked_url(url)
        self._url = self._gateway + "/events"
        if not callable(token):
            TokenSource(token, token_timeout)
        self._token = token
        self._token_timeout = token_timeout
        self._heartbeat = heartbeat
        self._max_event_bytes = max_event_bytes
        self._http = http

    @overload
    def events(
        self,
        channels: Sequence[str],
        *,
        start: str | None = None,
        cursor: str | None = None,
        lost: Literal["raise"] = "raise",
        refused: Literal["raise", "skip"] = "raise",
        on_notice: Callable[[Notice], None] | None = None,
    ) -> AsyncEventStream[Event]: ...

    @overload
    def events(
        self,
        channels: Sequence[str],
        *,
        start: str | None = None,
        cursor: str | None = None,
        lost: Literal["yield"],
        refused: Literal["raise", "skip"] = "raise",
        on_notice: Callable[[Notice], None] | None = None,
    ) -> AsyncEventStream[Event | Gap | Reset]: ...

    def events(
        self,
        channels: Sequence[str],
        *,
        start: str | None = None,
        cursor: str | None = None,
        lost: Literal["raise", "yield"] = "raise",
        refused: Literal["raise", "skip"] = "raise",
        on_notice: Callable[[Notice], None] | None = None,
    ) -> Any:
        """Iterates over the events of ``channels``, for ever: see ``Subscriber.events``."""
        core = subscription(
            channels, start, cursor, self._heartbeat, lost, refused, callable(self._token), self._max_event_bytes
        )
        http = self._http or httpx.AsyncClient()
        return AsyncEventStream(
            self._url, core, http, self._http is None, self._token, self._token_timeout, on_notice
        )

    async def history(
        self,
        channel: str,
        *,
        limit: int = 100,
        before: str | None = None,
        after: str | None = None,
        retry_for: float = 30.0,
    ) -> HistoryPage:
        """What ``channel`` had: see ``Subscriber.history``."""
        query = HistoryQuery(channel, limit, before, after, retry_for, callable(self._token))

        async def token() -> Token | Failed:
            return await _next_token(self._token, self._token_timeout)

        if self._http is not None:
            return await read_async(self._gateway, query, self._http, token)
        async with httpx.AsyncClient() as http:
            return await read_async(self._gateway, query, http, token)

    async def follow(
        self,
        channel: str,
        *,
        last: int = 100,
        retry_for: float = 30.0,
        lost: Literal["raise", "yield"] = "raise",
        on_notice: Callable[[Notice], None] | None = None,
    ) -> AsyncEventStream[Any]:
        """The last events of ``channel``, then each new one: see ``Subscriber.follow``."""
        page = await self.history(channel, limit=last, retry_for=retry_for)
        core = subscription(
            [channel],
            None,
            page.position,
            self._heartbeat,
            lost,
            "raise",
            callable(self._token),
            self._max_event_bytes,
            page.items[::-1],
        )
        http = self._http or httpx.AsyncClient()
        return AsyncEventStream(
            self._url, core, http, self._http is None, self._token, self._token_timeout, on_notice
        )


async def _next_token(token: AsyncToken, timeout_s: float) -> Token | Failed:
    if token is None or isinstance(token, str):
        return Token(token)
    try:
        return checked(await asyncio.wait_for(token(), timeout_s))
    except asyncio.TimeoutError:
        return Failed(f"the token callback has not answered within {timeout_s:g} s")
    except Exception as e:
        return Failed(f"the token callback raised {type(e).__name__}: {e}")
