"""Publishes to and subscribes to channels of Tailrace, enqueues jobs and runs them. See the README for a quick start."""

from ._async_publisher import AsyncSSEPublisher
from ._async_subscriber import AsyncEventStream, AsyncSubscriber
from ._async_worker import AsyncWorker
from ._errors import (
    BufferFullError,
    ChannelsRefusedError,
    EnqueueError,
    EnqueueRefusedError,
    EventTooLargeError,
    GiveUpError,
    HistoryError,
    HistoryRefusedError,
    JobStoppedError,
    LostEventsError,
    ProblemError,
    ProtocolError,
    PublisherClosedError,
    PublishError,
    PublishRefusedError,
    PublishTimeoutError,
    RetryLaterError,
    SubscriptionError,
    SubscriptionRefusedError,
    TailraceError,
    TokenError,
    WorkerRefusedError,
)
from ._events import ChannelsChanged, Event, Gap, Notice, Reset, StateChange, Unreadable
from ._history import HistoryPage
from ._jobs import AsyncJobs, EnqueuedJob, Jobs
from ._logging import TailraceHandler
from ._outbox import Published
from ._publisher import SSEPublisher
from ._subscriber import EventStream, Subscriber
from ._worker import Handler, Job, Worker, job

__version__ = "0.1.0"

__all__ = [
    "AsyncEventStream",
    "AsyncJobs",
    "AsyncSSEPublisher",
    "AsyncSubscriber",
    "AsyncWorker",
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
    "GiveUpError",
    "Handler",
    "HistoryError",
    "HistoryPage",
    "HistoryRefusedError",
    "Job",
    "JobStoppedError",
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
    "RetryLaterError",
    "SSEPublisher",
    "StateChange",
    "Subscriber",
    "SubscriptionError",
    "SubscriptionRefusedError",
    "TailraceError",
    "TailraceHandler",
    "TokenError",
    "Unreadable",
    "Worker",
    "WorkerRefusedError",
    "job",
]
