"""Publishes to and subscribes to channels of Tailrace, and enqueues jobs. See the README for a quick start."""

from ._async_publisher import AsyncSSEPublisher
from ._async_subscriber import AsyncEventStream, AsyncSubscriber
from ._errors import (
    BufferFullError,
    ChannelsRefusedError,
    EnqueueError,
    EnqueueRefusedError,
    EventTooLargeError,
    HistoryError,
    HistoryRefusedError,
    LostEventsError,
    ProblemError,
    ProtocolError,
    PublisherClosedError,
    PublishError,
    PublishRefusedError,
    PublishTimeoutError,
    SubscriptionError,
    SubscriptionRefusedError,
    TailraceError,
    TokenError,
)
from ._events import ChannelsChanged, Event, Gap, Notice, Reset, StateChange, Unreadable
from ._history import HistoryPage
from ._jobs import AsyncJobs, EnqueuedJob, Jobs
from ._logging import TailraceHandler
from ._outbox import Published
from ._publisher import SSEPublisher
from ._subscriber import EventStream, Subscriber

__version__ = "0.1.0"

__all__ = [
    "AsyncEventStream",
    "AsyncJobs",
    "AsyncSSEPublisher",
    "AsyncSubscriber",
    "BufferFullError",
    "ChannelsChanged",
    "ChannelsRefusedError",
    "EnqueueError",
    "EnqueueRefusedError",
    "EnqueuedJob",
    "Event",
    "EventStream",
    "EventTooLargeError",
    "Gap",
    "HistoryError",
    "HistoryPage",
    "HistoryRefusedError",
    "Jobs",
    "LostEventsError",
    "Notice",
    "ProblemError",
    "ProtocolError",
    "PublishError",
    "PublishRefusedError",
    "PublishTimeoutError",
    "Published",
    "PublisherClosedError",
    "Reset",
    "SSEPublisher",
    "StateChange",
    "Subscriber",
    "SubscriptionError",
    "SubscriptionRefusedError",
    "TailraceError",
    "TailraceHandler",
    "TokenError",
    "Unreadable",
]
