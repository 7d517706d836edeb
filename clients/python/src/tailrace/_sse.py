"""Decodes ``text/event-stream`` (WHATWG HTML, section 9.2.6). Pure: bytes in, frames out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ._errors import EventTooLargeError

_LINE_END = re.compile(rb"[\r\n]")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Frame:
    """What stands between two blank lines.

    ``data`` is None in a frame without a ``data`` field: no event, but its ``id`` moves the cursor all the same.
    """

    id: str | None
    event: str | None
    data: str | None
    retry_ms: int | None


class Decoder:
    """Decodes one stream. Not thread-safe.

    Lines end with CR, LF or CRLF and with nothing else: ``str.splitlines`` would also split at U+2028 and others.
    A frame that the stream ends within is never given out, because its client reads it again after its cursor.
    """

    def __init__(self, max_event_bytes: int) -> None:
        self._max_event_bytes = max_event_bytes
        self._begun: list[bytes] = []
        self._begun_bytes = 0
        self._frame_bytes = 0
        self._after_cr = False
        self._first_line = True
        self._id: str | None = None
        self._event: str | None = None
        self._data: list[str] = []
        self._retry_ms: int | None = None

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """Gives the frames that ``chunk`` completes.

        Raises EventTooLargeError if a frame has more bytes than it may have.
        """
        start = 0
        if self._after_cr and chunk:
            # The LF of a CRLF that the network has split.
            start = 1 if chunk[:1] == b"\n" else 0
            self._after_cr = False
        while True:
            end = _LINE_END.search(chunk, start)
            if end is None:
                break
            line = chunk[start : end.start()]
            if self._begun:
                line = b"".join((*self._begun, line))
                self._begun.clear()
                self._begun_bytes = 0
            start = end.end()
            if end.group() == b"\r":
                if start == len(chunk):
                    self._after_cr = True
                elif chunk[start : start + 1] == b"\n":
                    start += 1
            frame = self._line(line)
            if frame is not None:
                yield frame
        if start < len(chunk):
            rest = chunk[start:]
            self._begun.append(rest)
            self._begun_bytes += len(rest)
            self._check(self._frame_bytes + self._begun_bytes)

    def _line(self, line: bytes) -> Frame | None:
        if self._first_line:
            self._first_line = False
            line = line.removeprefix(_BOM)
        if not line:
            return self._end()
        if line.startswith(b":"):
            return None
        self._frame_bytes += len(line)
        self._check(self._frame_bytes)
        name, _, raw = line.partition(b":")
        value = raw.removeprefix(b" ").decode("utf-8", "replace")
        if name == b"data":
            self._data.append(value)
        elif name == b"event":
            self._event = value
        elif name == b"id" and "\0" not in value:
            self._id = value
        elif name == b"retry" and value.isascii() and value.isdigit():
            self._retry_ms = int(value[:9])
        return None

    def _end(self) -> Frame | None:
        frame = Frame(self._id, self._event, "\n".join(self._data) if self._data else None, self._retry_ms)
        self._forget()
        return None if frame == Frame(None, None, None, None) else frame

    def _forget(self) -> None:
        self._id = None
        self._event = None
        self._data = []
        self._retry_ms = None
        self._frame_bytes = 0

    def _check(self, size: int) -> None:
        if size > self._max_event_bytes:
            raise EventTooLargeError(f"an event has more than {self._max_event_bytes} bytes (max_event_bytes)")
