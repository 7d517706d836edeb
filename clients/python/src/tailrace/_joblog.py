"""What handlers log, on its way to the server: at most ``MAX_LINES`` lines and ``MAX_BYTES`` bytes of an attempt."""

from __future__ import annotations

import json
import logging
import threading
import time
import traceback
from collections.abc import Callable, MutableMapping
from datetime import datetime, timezone
from typing import Any

MAX_LINES = 500
"""The most lines of an attempt."""

MAX_BYTES = 65_536
"""The most bytes of all lines of an attempt."""

MAX_LINE_BYTES = 4_096
"""The most bytes of a line; a longer one is cut."""

_CUT = "…"
_LOG = logging.getLogger("tailrace.worker")


class LogLines:
    """The lines that the server does not have yet. What comes after the bounds is counted. Thread-safe."""

    def __init__(self, token: int, attempt: int, clock: Callable[[], float] = time.time) -> None:
        self._token = token
        self._attempt = attempt
        self._clock = clock
        self._lock = threading.Lock()
        self._unsent: list[dict[str, Any]] = []
        self._lines = 0
        self._bytes = 0
        self._dropped = 0
        self._told = 0

    def add(self, level: int, text: str) -> None:
        """Keeps a line, cut if it is too long, or counts it."""
        kept, size = _cut(text or " ")
        with self._lock:
            if self._dropped > 0 or self._lines == MAX_LINES or self._bytes + size > MAX_BYTES:
                self._dropped += 1
                return
            self._lines += 1
            self._bytes += size
            at = datetime.fromtimestamp(self._clock(), timezone.utc).isoformat().replace("+00:00", "Z")
            self._unsent.append({"line": self._lines, "at": at, "level": _level(level), "text": kept})

    def unsent(self, last: bool) -> tuple[bytes, int, int] | None:
        """The next request, the number of its last line and what it says of dropped ones; None if there is nothing to say. Before
        the end (``last``) that lines are dropped is said once."""
        with self._lock:
            news = self._dropped > self._told and (last or self._told == 0)
            if not self._unsent and not news:
                return None
            said = {"token": self._token, "attempt": self._attempt, "lines": self._unsent, "dropped": self._dropped}
            return json.dumps(said, ensure_ascii=False).encode(), self._lines, self._dropped

    def sent(self, line: int, dropped: int) -> None:
        """The server has the lines up to this one. A line that it got twice is one, because lines have numbers."""
        with self._lock:
            self._unsent = [each for each in self._unsent if each["line"] > line]
            self._told = max(self._told, dropped)


class PrefixLogger(logging.LoggerAdapter):  # type: ignore[type-arg]
    """The logger ``tailrace.worker`` with the job's id in front."""

    def __init__(self, job: str) -> None:
        super().__init__(_LOG, {})
        self._job = job

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        return f"job {self._job}: {msg}", kwargs


class JobLogger(PrefixLogger):
    """As above; what is logged from the level INFO on is also kept beside the job, whatever the process logs."""

    def __init__(self, job: str, lines: LogLines, wake: Callable[[], None]) -> None:
        super().__init__(job)
        self._lines = lines
        self._wake = wake

    def isEnabledFor(self, level: int) -> bool:
        return level >= logging.INFO or super().isEnabledFor(level)

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        if level >= logging.INFO:
            self._lines.add(level, _text(msg, args, kwargs.get("exc_info")))
            self._wake()
        if self.logger.isEnabledFor(level):
            kwargs["stacklevel"] = kwargs.get("stacklevel", 1) + 1
            super().log(level, msg, *args, **kwargs)


def _text(msg: object, args: tuple[object, ...], exc_info: Any) -> str:
    try:
        # As logging does: a single mapping names its values.
        text = str(msg) % (args[0] if len(args) == 1 and isinstance(args[0], dict) else args) if args else str(msg)
    except (TypeError, ValueError, KeyError):
        text = f"{msg} {args}"
    if exc_info:
        text += "\n" + (
            "".join(traceback.format_exception(type(exc_info), exc_info, exc_info.__traceback__))
            if isinstance(exc_info, BaseException)
            else traceback.format_exc()
        )
    return text


def _level(level: int) -> str:
    return "error" if level >= logging.ERROR else "warn" if level >= logging.WARNING else "info"


def _cut(text: str) -> tuple[str, int]:
    data = text.encode("utf-8", "replace")
    if len(data) > MAX_LINE_BYTES:
        cut = data[: MAX_LINE_BYTES - len(_CUT.encode())].decode("utf-8", "ignore") + _CUT
        return cut, len(cut.encode())
    return data.decode(), len(data)
