"""What both publishers share."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, cast
from urllib.parse import quote

from ._effects import Failed, Token
from ._errors import PublishError
from ._outbox import Settings, Undelivered

OnError = Callable[[str, Any, PublishError], None]
"""Called with the channel, the event as it was to be sent ({type, id, data} as JSON text), and the error."""

_LOG = logging.getLogger("tailrace")


def options(
    max_events: int, max_bytes: int, max_batch_events: int, linger: float, retry_for: float | None, when_full: str
) -> Settings:
    """Settings; raises ValueError for what cannot be meant."""
    if max_events < 1 or max_bytes < 1:
        raise ValueError("max_events and max_bytes are expected to be at least 1")
    if not 1 <= max_batch_events <= 500:
        raise ValueError(f"max_batch_events is {max_batch_events}, expected 1 to 500")
    if linger < 0 or (retry_for is not None and retry_for < 0):
        raise ValueError("linger and retry_for are expected not to be negative")
    if when_full not in ("raise", "drop_oldest"):
        raise ValueError(f'when_full is {when_full!r}, expected "raise" or "drop_oldest"')
    return Settings(
        max_events=max_events,
        max_bytes=max_bytes,
        max_batch_events=max_batch_events,
        linger=linger,
        retry_for=retry_for,
        when_full=cast("Any", when_full),
    )


def url_of(gateway_url: str, channel: str) -> str:
    """Where events of a channel are published."""
    return f"{gateway_url}/channels/{quote(channel, safe=':')}/events"


def headers(service_name: str, key: str, token: Token | Failed) -> dict[str, str]:
    """The headers of a request; raises PublishError if there is no token for it."""
    if isinstance(token, Failed):
        raise PublishError(token.reason)
    name = "".join(c if c.isascii() and c.isprintable() and c not in "()/ " else "_" for c in service_name)
    fields = {"Content-Type": "application/json", "Idempotency-Key": key, "User-Agent": f"tailrace-python ({name})"}
    if token.text is not None:
        fields["Authorization"] = f"Bearer {token.text}"
    return fields


def report(lost: Sequence[Undelivered[Any]], on_error: OnError | None) -> None:
    """Tells of events that were given up. What ``on_error`` raises is logged, because nobody else could catch it."""
    if lost and on_error is None:
        first = lost[0]
        _LOG.error(
            "%d events were not published, the first one on %s: %s", len(lost), first.event.channel, first.error
        )
    for undelivered in lost if on_error is not None else ():
        try:
            assert on_error is not None
            on_error(undelivered.event.channel, undelivered.event.text.decode(), undelivered.error)
        except Exception:
            _LOG.exception("on_error failed")
