"""The synchronous subscriber: a driver of ``Subscription`` over httpx."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Generic, Literal, TypeVar, cast, overload

import httpx

from ._answers import Answer
from ._effects import Close, Connect, Deliver, Effect, Fail, Failed, NeedToken, Read, Reply, Tell, Token, Wait
from ._events import Event, Gap, Notice, Reset, StateChange
from ._connection import MAX_REFUSAL_BYTES, log_notice, stream_failure, stream_timeout, subscription
from ._history import HistoryPage, HistoryQuery, read
from ._subscription import Subscription
from ._tokens import TokenSource, checked_url

Item = TypeVar("Item", bound="Event | Gap | Reset")


class EventStream(Generic[Item]):
    """An iterator over the events of some channels, which never ends by itself. Made by ``Subscriber.events``.

    Not thread-safe but for ``close``, which ends an iteration that waits in another thread. An error that it raises does
    not end it: iterating again goes on.
    """

    def __init__(
        self,
        url: str,
        core: Subscription,
        http: httpx.Client,
        owns_http: bool,
        tokens: TokenSource,
        on_notice: Callable[[Notice], None] | None,
    ) -> None:
        self._url = url
        self._core = core
        self._http = http
        self._owns_http = owns_http
        self._tokens = tokens
        self._on_notice = on_notice
        self._run = core.run()
        self._effect: Effect | None = None
        self._reply: Reply = None
        self._open = False
        self._busy = threading.Lock()
        self._response: httpx.Response | None = None
        self._chunks: Iterator[bytes] | None = None
        self._closed = threading.Event()

    @property
    def cursor(self) -> str | None:
        """The position behind the last event that was given; None before the stream was open."""
        return self._core.cursor

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that are still subscribed to."""
        return tuple(self._core.channels)

    def connect(self) -> EventStream[Item]:
        """Waits until the server has said that the stream is open. What is published from then on is received."""
        with self._busy:
            while not self._open and not self._closed.is_set():
                effect = self._next_effect()
                if isinstance(effect, Fail):
                    raise effect.error
        return self

    def __iter__(self) -> EventStream[Item]:
        return self

    def __next__(self) -> Item:
        with self._busy:
            while not self._closed.is_set():
                effect = self._next_effect()
                if isinstance(effect, Deliver):
                    return cast("Item", effect.item)
                if isinstance(effect, Fail):
                    raise effect.error
            self._dispose()
        raise StopIteration

    def _next_effect(self) -> Effect:
        """Carries out an effect and returns it. One that was interrupted, by Ctrl-C for example, is carried out again.

        The core goes on only when the next one is asked for, so ``cursor`` stands behind what the program was given.
        """
        effect = self._effect or self._run.send(self._reply)
        self._effect = effect
        self._reply = self._perform(effect)
        self._effect = None
        return effect

    def _perform(self, effect: Effect) -> Reply:
        if isinstance(effect, NeedToken):
            return self._tokens.get()
        if isinstance(effect, Connect):
            return self._connect(effect)
        if isinstance(effect, Read):
            return self._read()
        if isinstance(effect, Close):
            self._disconnect()
        elif isinstance(effect, Wait):
            self._closed.wait(effect.seconds)
        elif isinstance(effect, Tell):
            self._tell(effect.notice)
        return None

    def _connect(self, effect: Connect) -> Reply:
        try:
            request = self._http.build_request(
                "GET",
                self._url,
                params=effect.params,
                headers=effect.headers,
                timeout=stream_timeout(self._core.heartbeat),
            )
            response = self._http.send(request, stream=True)
            self._response = response
            self._chunks = response.iter_bytes()
            body = b"" if response.status_code == 200 else self._refusal(self._chunks)
        except httpx.HTTPError as e:
            self._disconnect()
            return Failed(stream_failure(e))
        return Answer(response.status_code, dict(response.headers), body)

    @staticmethod
    def _refusal(chunks: Iterator[bytes]) -> bytes:
        body = b""
        for chunk in chunks:
            body += chunk
            if len(body) > MAX_REFUSAL_BYTES:
                break
        return body

    def _read(self) -> Reply:
        if self._chunks is None or self._closed.is_set():
            return Failed("the stream was closed")
        try:
            return next(self._chunks, None) or Failed("the connection ended")
        except (httpx.HTTPError, httpx.StreamError, OSError) as e:
            return Failed(stream_failure(e))

    def _disconnect(self) -> None:
        self._open = False
        response, self._response, self._chunks = self._response, None, None
        if response is not None:
            response.close()

    def _dispose(self) -> None:
        self._disconnect()
        if self._owns_http:
            self._http.close()

    def _tell(self, notice: Notice) -> None:
        self._open = self._open or notice == StateChange("open")
        log_notice(notice)
        if self._on_notice is not None:
            self._on_notice(notice)

    def close(self) -> None:
        """Ends the iteration, also one that waits in another thread. It can be called again and from any thread."""
        if self._closed.is_set():
            return
        self._closed.set()
        response = self._response
        if response is not None:
            # Closing a socket does not wake a thread that reads from it; shutting it down does.
            stream: Any = response.extensions.get("network_stream")
            with contextlib.suppress(Exception):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        if self._busy.acquire(blocking=False):
            # Nobody iterates. Otherwise whoever does disposes of the connection.
            try:
                self._dispose()
            finally:
                self._busy.release()
        self._tell(StateChange("closed"))

    def __del__(self) -> None:
        # `for event in subscriber.events(…)` leaves nothing that could be closed when the loop is broken off.
        if hasattr(self, "_closed") and not self._closed.is_set():
            with contextlib.suppress(Exception):
                self._dispose()

    def __enter__(self) -> EventStream[Item]:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class Subscriber:
    """Subscribes to channels of the Tailrace at ``url``. Thread-safe.

    ``token`` is a token, or a callback that gives one: it is called for every connection, in a thread of its own, and may
    take ``token_timeout`` seconds. ``http`` is a client to use in place of one for each stream; it is not closed.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | Callable[[], str] | None = None,
        token_timeout: float = 30.0,
        heartbeat: int = 15,
        max_event_bytes: int = 16 * 1024 * 1024,
        http: httpx.Client | None = None,
    ) -> None:
        self._gateway = checked_url(url)
        self._url = self._gateway + "/events"
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
    ) -> EventStream[Event]: ...

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
    ) -> EventStream[Event | Gap | Reset]: ...

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
        """Iterates over the events of ``channels``, for ever.

        ``start`` is ``live``, ``earliest`` or ``last:N``; without it each namespace has its own. ``cursor`` resumes behind an
        event that was seen before. What is lost raises LostEventsError, or with ``lost="yield"`` comes as Gap and Reset
        among the events. A channel that cannot be read raises ChannelsRefusedError, or with ``refused="skip"`` is left out
        and told to ``on_notice``, which is called in the iterating thread and also gets every change of the connection.
        """
        renews = callable(self._token)
        core = subscription(
            channels, start, cursor, self._heartbeat, lost, refused, renews, self._max_event_bytes
        )
        http = self._http or httpx.Client()
        tokens = TokenSource(self._token, self._token_timeout)
        return EventStream(self._url, core, http, self._http is None, tokens, on_notice)

    def history(
        self,
        channel: str,
        *,
        limit: int = 100,
        before: str | None = None,
        after: str | None = None,
        retry_for: float = 30.0,
    ) -> HistoryPage:
        """What ``channel`` had: the newest events, the newest first, or what came ``before`` or ``after`` a cursor.

        ``after`` may be ``earliest``, and gives the oldest first. There are fewer than ``limit`` if ``next`` is None, or if they
        are very far apart. What passes by itself is tried again for ``retry_for`` seconds, then it raises HistoryError or
        TokenError; a refusal raises HistoryRefusedError.
        """
        query = HistoryQuery(channel, limit, before, after, retry_for, callable(self._token))
        tokens = TokenSource(self._token, self._token_timeout)
        if self._http is not None:
            return read(self._gateway, query, self._http, tokens.get)
        with httpx.Client() as http:
            return read(self._gateway, query, http, tokens.get)

    def follow(
        self,
        channel: str,
        *,
        last: int = 100,
        retry_for: float = 30.0,
        lost: Literal["raise", "yield"] = "raise",
        on_notice: Callable[[Notice], None] | None = None,
    ) -> EventStream[Any]:
        """The last events of ``channel``, the oldest first, then each new one, without hole or repeat, for ever.

        The past is read before this returns, then the stream begins where they end. The other arguments are those of ``events``.
        """
        page = self.history(channel, limit=last, retry_for=retry_for)
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
        tokens = TokenSource(self._token, self._token_timeout)
        return EventStream(self._url, core, self._http or httpx.Client(), self._http is None, tokens, on_notice)
