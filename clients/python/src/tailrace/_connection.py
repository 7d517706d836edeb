"""What both drivers of a subscription share: arguments, timeouts, what is logged."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from typing import Literal

import httpx

from ._answers import Backoff
from ._events import Item, Notice, StateChange
from ._subscription import Subscription

MAX_REFUSAL_BYTES = 64 * 1024
"""So much of the body of a refusal is read."""

_LOG = logging.getLogger("tailrace")
_CONNECT_TIMEOUT_S = 10.0


def subscription(
    channels: Sequence[str],
    start: str | None,
    cursor: str | None,
    heartbeat: int,
    lost: Literal["raise", "yield"],
    refused: Literal["raise", "skip"],
    renews_token: bool,
    max_event_bytes: int,
    past: Sequence[Item] = (),
) -> Subscription:
    """A subscription with real randomness; raises ValueError for arguments that cannot be meant."""
    if isinstance(channels, str):
        raise ValueError("channels is a text, expected a list of channels")
    if not channels:
        raise ValueError("channels is empty, expected at least one channel")
    if not 1 <= heartbeat <= 300:
        raise ValueError(f"heartbeat is {heartbeat}, expected 1 to 300 seconds")
    for name, value, known in (("lost", lost, ("raise", "yield")), ("refused", refused, ("raise", "skip"))):
        if value not in known:
            raise ValueError(f"{name} is {value!r}, expected one of {known}")
    return Subscription(
        tuple(channels),
        Backoff(random.random),
        start=start,
        cursor=cursor,
        heartbeat=heartbeat,
        lost=lost,
        refused=refused,
        renews_token=renews_token,
        max_event_bytes=max_event_bytes,
        past=past,
    )


def stream_timeout(heartbeat: int) -> httpx.Timeout:
    """The watchdog: the edge writes at least once in ``heartbeat`` seconds, so twice that without a byte is a dead connection."""
    return httpx.Timeout(_CONNECT_TIMEOUT_S, read=2.0 * heartbeat, pool=None)


def log_notice(notice: Notice) -> None:
    """Writes what is told to the log, too: waiting at WARNING, the rest at DEBUG."""
    waiting = isinstance(notice, StateChange) and notice.state == "waiting"
    _LOG.log(logging.WARNING if waiting else logging.DEBUG, "subscription: %s", notice)


def stream_failure(error: Exception) -> str:
    """Why a connection ended, for people."""
    if isinstance(error, httpx.ReadTimeout):
        return "nothing arrived for two heartbeats: the connection is dead, or a proxy holds the stream back"
    return f"{type(error).__name__}: {error}"
