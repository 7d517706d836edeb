"""The synchronous publisher: a thread that sends what the outbox holds."""

from __future__ import annotations

import atexit
import logging
import os
import random
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from types import TracebackType
from typing import Any

import httpx

from . import _messages
from ._answers import Answer
from ._errors import PublisherClosedError, PublishError
from ._outbox import Batch, Delivered, Outbox, Outcome, Published, Settings, Undelivered, Waiting, encode
from ._publishing import OnError, headers, options, report, url_of
from ._tokens import TokenSource, checked_url

Receipt = Future[Published]
_LOG = logging.getLogger("tailrace")


class SSEPublisher:
    """Publishes events in the background. Thread-safe; survives a fork of its process, which starts with an empty buffer.

    ``publish`` and its shortcuts do not wait for the network. They return a future that is done when the log has the event,
    or fails with PublishError; whoever does not look at it learns of failures by ``on_error`` or the log ``tailrace``.

    The events of one channel are published in the order of their calls, up to ``max_batch_events`` in one request, which
    begins ``linger`` seconds after the first of them at the latest. A request that fails for a while is sent again with the
    same idempotency key, for ever or for ``retry_for`` seconds; meanwhile its channel waits.

    At most ``max_events`` events with ``max_bytes`` bytes wait or are under way. One more raises BufferFullError, or with
    ``when_full="drop_oldest"`` pushes the oldest one out, whose future fails.

    At the end of the process what is left is sent for at most ``flush_at_exit`` seconds.
    """

    def __init__(
        self,
        gateway_url: str,
        service_token: str | Callable[[], str],
        service_name: str,
        *,
        max_events: int = 10_000,
        max_bytes: int = 16 * 1024 * 1024,
        max_batch_events: int = 500,
        linger: float = 0.05,
        retry_for: float | None = None,
        when_full: str = "raise",
        request_timeout: float = 30.0,
        flush_at_exit: float = 5.0,
        on_error: OnError | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        self.service_name = service_name
        self._settings: Settings = options(max_events, max_bytes, max_batch_events, linger, retry_for, when_full)
        self._gateway_url = checked_url(gateway_url)
        self._token = service_token
        self._request_timeout = request_timeout
        self._flush_at_exit = flush_at_exit
        self._on_error = on_error
        self._given_http = http
        self._closed = False
        self._begin()
        _OPEN.add(self)

    def _begin(self) -> None:
        """The state of one process. A child of a fork has other threads and must not share a connection."""
        self._changed = threading.Condition()
        self._outbox: Outbox[Receipt] = Outbox(self._settings, _messages.uuid7, random.random)
        self._tokens = TokenSource(self._token, self._request_timeout)
        self._http = self._given_http or httpx.Client()
        self._thread: threading.Thread | None = None
        self._flushing = 0
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
        event_id = id or _messages.uuid7()
        event = Waiting(channel, type, event_id, encode(type, event_id, data), Receipt(), time.monotonic())
        # From here on it cannot be cancelled: the event may be on its way.
        event.receipt.set_running_or_notify_cancel()
        with self._changed:
            if self._closed:
                raise PublisherClosedError("the publisher is closed")
            dropped = self._outbox.offer(event)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="tailrace-publisher", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        self._settle(dropped)
        return event.receipt

    def flush(self, timeout: float | None = None) -> bool:
        """Waits until what was published before is in the log or was given up; False if that takes longer than ``timeout``."""
        with self._changed:
            receipts = self._outbox.receipts()
            self._flushing += 1
            self._changed.notify_all()
        try:
            return not wait(receipts, timeout).not_done
        finally:
            with self._changed:
                self._flushing -= 1

    def close(self, timeout: float = 5.0) -> bool:
        """Sends what is left for at most ``timeout`` seconds, then ends; False if events are left, whose futures then fail."""
        with self._changed:
            self._closed = True
        deadline = time.monotonic() + timeout
        done = self.flush(timeout)
        with self._changed:
            self._stopped = True
            left = self._outbox.give_up(PublisherClosedError("the publisher was closed"))
            self._changed.notify_all()
            thread = self._thread
        self._settle(left)
        if thread is not None and thread is not threading.current_thread():
            thread.join(max(0.1, deadline - time.monotonic()))
        if self._given_http is None and (thread is None or not thread.is_alive()):
            self._http.close()
        _OPEN.discard(self)
        return done

    def __enter__(self) -> SSEPublisher:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _work(self) -> None:
        while (batch := self._next()) is not None:
            outcomes = self._send(batch)
            self._settle(outcomes)

    def _next(self) -> Batch[Receipt] | None:
        with self._changed:
            while not self._stopped:
                found = self._outbox.next(time.monotonic(), self._flushing > 0)
                if isinstance(found, Batch):
                    return found
                self._changed.wait(found)
        return None

    def _send(self, batch: Batch[Receipt]) -> list[Outcome[Receipt]]:
        answer = self._request(batch)
        with self._changed:
            if self._stopped:
                # Its events were given up meanwhile.
                return []
            if isinstance(answer, str):
                _LOG.warning("publishing on %s is tried again: %s", batch.channel, answer)
                return self._outbox.failed(batch, answer, time.monotonic())
            if answer.status != 202:
                _LOG.warning("publishing on %s was answered with %d", batch.channel, answer.status)
            return self._outbox.answered(batch, answer, time.monotonic(), time.time(), callable(self._token))

    def _request(self, batch: Batch[Receipt]) -> Answer | str:
        """The answer, or why there is none."""
        token = self._tokens.get()
        try:
            response = self._http.post(
                url_of(self._gateway_url, batch.channel),
                content=batch.body,
                headers=headers(self.service_name, batch.key, token),
                timeout=self._request_timeout,
            )
        except (PublishError, httpx.HTTPError) as e:
            return f"{type(e).__name__}: {e}"
        except Exception as e:
            # The thread goes on whatever happens: without it everything published later would wait for ever.
            _LOG.exception("an unexpected error while publishing")
            return f"{type(e).__name__}: {e}"
        return Answer(response.status_code, dict(response.headers), response.content)

    def _settle(self, outcomes: list[Outcome[Receipt]] | list[Undelivered[Receipt]]) -> None:
        lost = []
        for outcome in outcomes:
            if isinstance(outcome, Delivered):
                outcome.event.receipt.set_result(outcome.published)
            else:
                outcome.event.receipt.set_exception(outcome.error)
                lost.append(outcome)
        report(lost, self._on_error)

    def _exit(self) -> None:
        if not self.close(self._flush_at_exit):
            _LOG.error("the process ends before everything was published")

    def _after_fork(self) -> None:
        if not self._closed:
            # What waits belongs to the parent, which still has it.
            self._begin()


_OPEN: weakref.WeakSet[SSEPublisher] = weakref.WeakSet()


def _close_all() -> None:
    for publisher in list(_OPEN):
        publisher._exit()


def _forked() -> None:
    for publisher in list(_OPEN):
        publisher._after_fork()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
