"""The asynchronous publisher: a task that sends what the outbox holds."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any

import httpx

from . import _messages
from ._answers import Answer
from ._effects import Failed, Token
from ._errors import PublisherClosedError, PublishError
from ._outbox import Batch, Delivered, Outbox, Outcome, Published, Undelivered, Waiting, encode
from ._publishing import OnError, headers, options, report, url_of
from ._tokens import TokenSource, checked, checked_url

Receipt = asyncio.Future[Published]
_LOG = logging.getLogger("tailrace")


class AsyncSSEPublisher:
    """``SSEPublisher`` for asyncio: the same bounds, order and retries. For the one event loop that it is used in first.

    ``publish`` and its shortcuts are plain functions, because they do not wait; ``await`` what they return to wait until the
    log has the event. Nothing can be sent at the end of the process: close it, or use it in ``async with``.
    """

    def __init__(
        self,
        gateway_url: str,
        service_token: str | Callable[[], Awaitable[str]],
        service_name: str,
        *,
        max_events: int = 10_000,
        max_bytes: int = 16 * 1024 * 1024,
        max_batch_events: int = 500,
        linger: float = 0.05,
        retry_for: float | None = None,
        when_full: str = "raise",
        request_timeout: float = 30.0,
        on_error: OnError | None = None,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        if not callable(service_token):
            TokenSource(service_token, request_timeout)
        self.service_name = service_name
        settings = options(max_events, max_bytes, max_batch_events, linger, retry_for, when_full)
        self._gateway_url = checked_url(gateway_url)
        self._token = service_token
        self._request_timeout = request_timeout
        self._on_error = on_error
        self._outbox: Outbox[Receipt] = Outbox(settings, _messages.uuid7, random.random)
        self._owns_http = http is None
        self._http = http or httpx.AsyncClient()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._flushing = 0
        self._closed = False
        self._stopped = False

    def publish_log(self, workspace_id: str, workflow_id: str, log: Mapping[str, Any]) -> Receipt:
        """Publishes ``log`` on ``logs:{workspace_id}:{workflow_id}``."""
        return self.publish(*_messages.log(self.service_name, workspace_id, workflow_id, log))

    def publish_metric(self, workspace_id: str, metric: Mapping[str, Any]) -> Receipt:
        """Publishes ``metric`` on ``metrics:{workspace_id}``."""
        return self.publish(*_messages.metric(self.service_name, workspace_id, metric))

    def publish_workflow(self, workspace_id: str, workflow_id: str, state: Mapping[str, Any]) -> Receipt:
        """Publishes ``state`` on ``workflows:{workspace_id}:{workflow_id}``."""
        return self.publish(*_messages.workflow(self.service_name, workspace_id, workflow_id, state))

    def publish_alert(self, workspace_id: str, alert: Mapping[str, Any]) -> Receipt:
        """Publishes ``alert`` on ``alerts:{workspace_id}``."""
        return self.publish(*_messages.alert(self.service_name, workspace_id, alert))

    def publish(self, channel: str, type: str, data: Any, *, id: str | None = None) -> Receipt:
        """Publishes an event. Raises BufferFullError, PublisherClosedError, or what JSON has to say about ``data``."""
        if self._closed:
            raise PublisherClosedError("the publisher is closed")
        loop = asyncio.get_running_loop()
        event_id = id or _messages.uuid7()
        event = Waiting(channel, type, event_id, encode(type, event_id, data), loop.create_future(), time.monotonic())
        dropped = self._outbox.offer(event)
        if self._task is None:
            self._task = loop.create_task(self._work(), name="tailrace-publisher")
        self._changed.set()
        self._settle(dropped)
        return event.receipt

    async def flush(self, timeout: float | None = None) -> bool:
        """Waits until what was published before is in the log or was given up; False if that takes longer than ``timeout``."""
        receipts = self._outbox.receipts()
        if not receipts:
            return True
        self._flushing += 1
        self._changed.set()
        try:
            _, waiting = await asyncio.wait(receipts, timeout=timeout)
            return not waiting
        finally:
            self._flushing -= 1

    async def aclose(self, timeout: float = 5.0) -> bool:
        """Sends what is left for at most ``timeout`` seconds, then ends; False if events are left, whose futures then fail."""
        self._closed = True
        done = await self.flush(timeout)
        self._stopped = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._settle(self._outbox.give_up(PublisherClosedError("the publisher was closed")))
        if self._owns_http:
            await self._http.aclose()
        return done

    async def __aenter__(self) -> AsyncSSEPublisher:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _work(self) -> None:
        while not self._stopped:
            self._changed.clear()
            found = self._outbox.next(time.monotonic(), self._flushing > 0)
            if isinstance(found, Batch):
                self._settle(await self._send(found))
            else:
                try:
                    await asyncio.wait_for(self._changed.wait(), found)
                except asyncio.TimeoutError:
                    continue

    async def _send(self, batch: Batch[Receipt]) -> list[Outcome[Receipt]]:
        answer = await self._request(batch)
        if isinstance(answer, str):
            _LOG.warning("publishing on %s is tried again: %s", batch.channel, answer)
            return self._outbox.failed(batch, answer, time.monotonic())
        if answer.status != 202:
            _LOG.warning("publishing on %s was answered with %d", batch.channel, answer.status)
        return self._outbox.answered(batch, answer, time.monotonic(), time.time(), callable(self._token))

    async def _request(self, batch: Batch[Receipt]) -> Answer | str:
        """The answer, or why there is none."""
        token = await self._next_token()
        try:
            response = await self._http.post(
                url_of(self._gateway_url, batch.channel),
                content=batch.body,
                headers=headers(self.service_name, batch.key, token),
                timeout=self._request_timeout,
            )
        except (PublishError, httpx.HTTPError) as e:
            return f"{type(e).__name__}: {e}"
        except Exception as e:
            # The task goes on whatever happens: without it everything published later would wait for ever.
            _LOG.exception("an unexpected error while publishing")
            return f"{type(e).__name__}: {e}"
        return Answer(response.status_code, dict(response.headers), response.content)

    async def _next_token(self) -> Token | Failed:
        if isinstance(self._token, str):
            return Token(self._token)
        try:
            return checked(await asyncio.wait_for(self._token(), self._request_timeout))
        except asyncio.TimeoutError:
            return Failed(f"the token callback has not answered within {self._request_timeout:g} s")
        except Exception as e:
            return Failed(f"the token callback raised {type(e).__name__}: {e}")

    def _settle(self, outcomes: list[Outcome[Receipt]] | list[Undelivered[Receipt]]) -> None:
        lost = []
        for outcome in outcomes:
            receipt = outcome.event.receipt
            if isinstance(outcome, Undelivered):
                lost.append(outcome)
            if receipt.done():
                # Whoever awaited it was cancelled; the event was sent all the same.
                continue
            if isinstance(outcome, Delivered):
                receipt.set_result(outcome.published)
            else:
                receipt.set_exception(outcome.error)
                # Failures are told by on_error or the log, so asyncio need not complain that nobody awaited this one.
                receipt.exception()
        report(lost, self._on_error)
