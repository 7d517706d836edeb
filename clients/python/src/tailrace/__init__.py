"""Publishes to and subscribes to channels of Tailrace, enqueues jobs and runs them, uploads files and asks models. See the README for a quick start."""

from ._answer_fold import AnswerEvent
from ._asking import Answer, Answers, AsyncAnswer, AsyncAnswers
from ._async_publisher import AsyncSSEPublisher
from ._async_subscriber import AsyncEventStream, AsyncSubscriber
from ._async_worker import AsyncWorker
from ._errors import (
    AnswerFailedError,
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
    RequestError,
    RequestRefusedError,
    RetryLaterError,
    SubscriptionError,
    SubscriptionRefusedError,
    TailraceError,
    TokenError,
    WorkerRefusedError,
)
from ._events import ChannelsChanged, Event, Gap, Notice, Reset, StateChange, Unreadable
from ._files import AsyncFiles, Files
from ._history import HistoryPage
from ._jobs import AsyncJobs, EnqueuedJob, Jobs
from ._logging import TailraceHandler
from ._outbox import Published
from ._publisher import SSEPublisher
from ._subscriber import EventStream, Subscriber
from ._uploading import FileUploadStore, Upload, Uploaded, UploadProgress, UploadStore
from ._worker import Handler, Job, Worker, job

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "AnswerEvent",
    "AnswerFailedError",
    "Answers",
    "AsyncAnswer",
    "AsyncAnswers",
    "AsyncEventStream",
    "AsyncFiles",
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
    "FileUploadStore",
    "Files",
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
    "RequestError",
    "RequestRefusedError",
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
    "Upload",
    "UploadProgress",
    "UploadStore",
    "Uploaded",
    "Worker",
    "WorkerRefusedError",
    "job",
]
