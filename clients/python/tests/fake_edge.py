"""An edge in memory, which misbehaves by a seeded schedule. It is a transport of httpx, so the real drivers run on it."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import httpx
from scripted import frame

CHANNELS = ("news:a", "news:b")
OTHER = "news:other"
LAST = "last"


@dataclass
class FakeEdge(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """One partition, with the events of CHANNELS and of another channel. ``faults`` attempts are disturbed, then none is."""

    seed: int
    faults: int = 12
    generation: int = 1
    trimmed: int = 0
    log: list[str] = field(default_factory=list)
    gaps: int = 0
    resets: int = 0
    connections: int = 0
    refused_token: bool = False

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.valid_token = 1
        self.logs = {self.generation: self.log}
        self._write(20)

    def token(self) -> str:
        return f"t{self.valid_token}"

    async def async_token(self) -> str:
        return self.token()

    def _write(self, most: int) -> None:
        for _ in range(self.random.randint(0, most)):
            self.log.append(self.random.choice((*CHANNELS, OTHER)))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.connections += 1
        if self.connections > self.faults:
            return self._stream(request, whole=True)
        self._write(30)
        what = self.random.choice(
            ["refuse", "503", "429", "html", "retention", "recreate", "token", "stream", "stream", "stream", "stream"]
        )
        if what == "refuse":
            raise httpx.ConnectError("connection refused")
        if what == "503":
            problem = {"type": "https://tailrace.io/problems/unavailable", "title": "unavailable", "status": 503}
            return _json(503, problem, {"Retry-After": "0"})
        if what == "429":
            return _json(429, {"type": "https://tailrace.io/problems/too-many-streams"}, {"Retry-After": "0"})
        if what == "html":
            return httpx.Response(502, text="<h1>Bad gateway</h1>")
        if what == "retention":
            self.trimmed = max(self.trimmed, len(self.log) - self.random.randint(0, 20))
        elif what == "recreate" and self.generation < 4:
            self.generation += 1
            self.log = self.logs[self.generation] = []
            self.trimmed = 0
            self._write(20)
        elif what == "token" and not self.refused_token:
            # Never twice in a row: a token that was not good when it was given is a fault of the program.
            self.valid_token += 1
        return self._stream(request, whole=False)

    def _stream(self, request: httpx.Request, whole: bool) -> httpx.Response:
        self.refused_token = request.headers["Authorization"] != f"Bearer {self.token()}"
        if self.refused_token:
            return _json(401, {"type": "https://tailrace.io/problems/unauthorized"}, {})
        frames = list(self._frames(request.headers.get("Last-Event-ID"), whole))
        data = "".join(frames).encode()
        if not whole:
            data = data[: self.random.randint(0, len(data))]
        return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=_Chunks(data, self.random))

    def _frames(self, cursor: str | None, whole: bool) -> Iterator[str]:
        offset = self.trimmed
        reset = False
        if cursor is not None:
            generation, position = map(int, cursor.split("."))
            reset = generation != self.generation
            offset = self.trimmed if reset else position
        start = {"at": "offset", **({"reset": "other_generation"} if reset else {})}
        starts = [{"channel": channel, "start": start} for channel in CHANNELS]
        opening = {"connection_id": "x", "resumed": cursor is not None, "channels": starts}
        yield frame("stream.open", opening, self._cursor(offset), retry=1)
        if reset:
            self.resets += 1
            yield frame("stream.reset", {"reason": "other_generation", "channels": starts}, self._cursor(offset))
        if offset < self.trimmed:
            self.gaps += 1
            gap = {"channels": CHANNELS, "from": offset, "to": self.trimmed, "lost": self.trimmed - offset}
            yield frame("stream.gap", gap, self._cursor(self.trimmed))
        for i in range(max(offset, self.trimmed), len(self.log)):
            if self.random.random() < 0.1:
                yield self.random.choice([":\n", frame("stream.heartbeat", {}), frame("stream.unknown", {"x": 1})])
            if self.log[i] == OTHER:
                yield f"id: {self._cursor(i + 1)}\n\n"
            else:
                yield self._event(i, "counted")
        yield frame("stream.caught_up", {}, self._cursor(len(self.log)))
        if whole:
            self.log.append(CHANNELS[0])
            yield self._event(len(self.log) - 1, LAST)
        elif self.random.random() < 0.3:
            self.valid_token += 1
            yield frame("stream.closing", {"reason": "token_expired", "reconnect": False}, self._cursor(len(self.log)))
        elif self.random.random() < 0.3:
            yield frame("stream.closing", {"reason": "draining", "reconnect": True}, self._cursor(len(self.log)))

    def _event(self, i: int, type: str) -> str:
        data = {"channel": self.log[i], "id": f"{self.generation}.{i}", "time": "", "data": "x\u2028y" * 3}
        return frame(type, data, self._cursor(i + 1))

    def _cursor(self, offset: int) -> str:
        return f"{self.generation}.{offset}"


def _json(status: int, body: object, headers: dict[str, str]) -> httpx.Response:
    return httpx.Response(
        status, headers={"Content-Type": "application/problem+json", **headers}, content=json.dumps(body)
    )


class _Chunks(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Bytes in pieces of random sizes, after which the connection ends or breaks."""

    def __init__(self, data: bytes, random: random.Random) -> None:
        self._data = data
        self._random = random

    def __iter__(self) -> Iterator[bytes]:
        rest = self._data
        while rest:
            size = self._random.choice((1, 3, 50, 1000, 10_000))
            yield rest[:size]
            rest = rest[size:]
        if self._random.random() < 0.5:
            raise httpx.ReadError("connection reset by peer")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk
