"""The errors of this package. All of them are TailraceError."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._events import Gap, Reset


class TailraceError(Exception):
    """Anything that this package raises by itself."""


class ProblemError(TailraceError):
    """The server refused a request, and would refuse it again.

    ``status`` is the HTTP status, ``type`` the slug of the problem (``forbidden``; see docs/protocol.md) or the empty
    text if the answer was not ``application/problem+json``, ``errors`` the faults of single fields, as (field, message).
    """

    def __init__(self, status: int, type: str, detail: str, errors: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(f"{status} {type or 'without a problem'}: {detail}")
        self.status = status
        self.type = type
        self.detail = detail
        self.errors = errors


class SubscriptionError(TailraceError):
    """A subscription cannot go on as it is. Iterating again tries again, at the same cursor."""


class SubscriptionRefusedError(SubscriptionError, ProblemError):
    """The server refused the stream: a bad cursor, no valid token, too many channels, a malformed name or pattern."""


class ChannelsRefusedError(SubscriptionError):
    """Some channels cannot be read.

    ``channels`` has each with its reason: ``forbidden``, ``undeclared-namespace``, ``access_revoked`` or another one
    that the server names.
    """

    def __init__(self, channels: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{channel}: {reason}" for channel, reason in channels.items()))
        self.channels = dict(channels)


class LostEventsError(SubscriptionError):
    """Events are missing from a subscription. ``loss`` says which. Iterating again goes on behind them."""

    def __init__(self, loss: Gap | Reset) -> None:
        super().__init__(str(loss))
        self.loss = loss


class TokenError(SubscriptionError):
    """There is no token, because its callback failed or did not answer, or the token has ended and is a fixed one."""


class ProtocolError(SubscriptionError):
    """The server does not answer as docs/protocol.md says; probably the URL is not Tailrace's."""


class EventTooLargeError(ProtocolError):
    """An event is larger than ``max_event_bytes``."""


class HistoryError(TailraceError):
    """The past of a channel could not be read: no answer, or none that helps, within ``retry_for``."""


class HistoryRefusedError(HistoryError, ProblemError):
    """The server refused to give the past of a channel: no grant, no such namespace, a bad cursor."""


class EnqueueError(TailraceError):
    """A job was not enqueued, or it is not known whether it was: no answer, or none that helps, within ``retry_for``."""


class EnqueueRefusedError(EnqueueError, ProblemError):
    """The server refused the job: an unknown type, a payload that does not fit it, no right to it. It is not enqueued."""


class RequestError(TailraceError):
    """A request about files or answers has no answer that helps within ``retry_for``: nobody knows what became of it."""


class RequestRefusedError(RequestError, ProblemError):
    """The server refused a request about files or answers: a model that does not exist, a file that is not taken."""


class AnswerFailedError(TailraceError):
    """An answer has no whole text: it failed with ``reason``, or was ``cancelled``. ``text`` is what it has said until then."""

    def __init__(self, reason: str, detail: str, text: str) -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.text = text


class WorkerRefusedError(ProblemError):
    """The server refused to give jobs to a worker: an unknown type, no role ``worker``, no right to a type, no valid token."""


class GiveUpError(TailraceError):
    """Raised by a handler: no further attempt can succeed, and the job is dead. ``type`` names the error for programs."""

    def __init__(self, message: str, *, type: str = "gave_up") -> None:
        super().__init__(message)
        self.type = type


class RetryLaterError(TailraceError):
    """Raised by a handler: the job is to be tried again, not before ``after_seconds``."""

    def __init__(self, message: str, *, after_seconds: float, type: str = "retry_later") -> None:
        super().__init__(message)
        self.type = type
        self.after_seconds = after_seconds


class JobStoppedError(TailraceError):
    """Raised by ``Job.check``: the handler has to stop. ``reason`` is as ``Job.stop_reason``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PublishError(TailraceError):
    """An event was not published, or it is not known whether it was."""


class PublishRefusedError(PublishError, ProblemError):
    """The server refused the event. It is not in the log."""


class PublishTimeoutError(PublishError):
    """``retry_for`` has passed. The event may be in the log or not."""


class BufferFullError(PublishError):
    """The publisher holds as many events or bytes as it may. The event was not taken, or was dropped for a newer one."""


class PublisherClosedError(PublishError):
    """The publisher was closed before the event was published. If a request with it was under way, it may be in the log."""
