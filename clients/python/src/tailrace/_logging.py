"""A handler that publishes what a program logs."""

from __future__ import annotations

import logging
import threading
from typing import Any

from ._errors import PublishError
from ._publisher import SSEPublisher

_OWN = ("tailrace", "httpx", "httpcore")


class TailraceHandler(logging.Handler):
    """Publishes log records on ``logs:{workspace_id}:{workflow_id}``. Thread-safe.

    It never waits and never raises: records that the publisher has no room for are counted in ``dropped``. What this
    package and its HTTP client log is left out, because publishing it would make more of it.
    """

    def __init__(
        self, publisher: SSEPublisher, workspace_id: str, workflow_id: str, level: int | str = logging.INFO
    ) -> None:
        super().__init__(level)
        self._publisher = publisher
        self._workspace_id = workspace_id
        self._workflow_id = workflow_id
        self.dropped = 0

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] in _OWN or threading.current_thread().name == "tailrace-publisher":
            return
        try:
            log: dict[str, Any] = {
                "level": record.levelname,
                "logger": record.name,
                "message": record.getMessage(),
            }
            if record.exc_info:
                log["exception"] = (self.formatter or logging.Formatter()).formatException(record.exc_info)
            self._publisher.publish_log(self._workspace_id, self._workflow_id, log)
        except PublishError:
            self.dropped += 1
        except Exception:
            self.handleError(record)
