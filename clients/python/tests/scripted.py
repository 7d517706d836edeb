"""A server of HTTP that does what a test says, over real sockets of this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Exchange:
    """One request, and the means to answer it."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    _handler: BaseHTTPRequestHandler
    _ended: threading.Event

    def answer(self, status: int, body: bytes | str = b"", **headers: str) -> None:
        """Sends a whole answer; names of headers have _ for -."""
        raw = body.encode() if isinstance(body, str) else body
        self._handler.send_response(status)
        self._handler.send_header("Content-Length", str(len(raw)))
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()
        self._handler.wfile.write(raw)

    def problem(self, status: int, slug: str, *errors: tuple[str, str], **headers: str) -> None:
        """Sends a problem as Tailrace does."""
        body = {
            "type": f"https://tailrace.io/problems/{slug}",
            "title": slug,
            "status": status,
            "errors": [{"field": name, "message": message} for name, message in errors],
        }
        self.answer(status, json.dumps(body), Content_Type="application/problem+json", **headers)

    def accept(self) -> None:
        """Answers a publication as Tailrace does."""
        events = [{"id": event["id"], "position": f"p-{event['id']}"} for event in json.loads(self.body)]
        self.answer(202, json.dumps({"events": events}), Content_Type="application/json")

    def stream(self, *frames: str) -> None:
        """Begins a stream, or goes on with it: writes whole frames."""
        if not hasattr(self, "_begun"):
            self._begun = True
            self._handler.send_response(200)
            self._handler.send_header("Content-Type", "text/event-stream;charset=utf-8")
            self._handler.end_headers()
        self._handler.wfile.write("".join(frames).encode())
        self._handler.wfile.flush()

    def hang(self) -> None:
        """Neither says anything nor ends until the test ends."""
        self._ended.wait(30)


Script = Callable[[Exchange], None]


@dataclass
class ScriptedServer:
    """Answers the n-th request by the n-th step, and all later ones by the last one. Use it in ``with``."""

    steps: list[Script]
    exchanges: list[Exchange] = field(default_factory=list)

    def __enter__(self) -> ScriptedServer:
        script, ended, lock = self, threading.Event(), threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                parts = urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                exchange = Exchange(
                    parts.path,
                    {name: values[0] for name, values in parse_qs(parts.query).items()},
                    {name.lower(): value for name, value in self.headers.items()},
                    self.rfile.read(length),
                    self,
                    ended,
                )
                with lock:
                    step = script.steps[min(len(script.exchanges), len(script.steps) - 1)]
                    script.exchanges.append(exchange)
                try:
                    step(exchange)
                except OSError:
                    self.close_connection = True

            do_GET = do_POST = _serve

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._ended = ended
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()


def frame(event: str, data: Any, id: str | None = None, retry: int | None = None) -> str:
    """A frame as the edge writes it."""
    lines = [] if id is None else [f"id: {id}"]
    lines += [] if retry is None else [f"retry: {retry}"]
    text = data if isinstance(data, str) else json.dumps(data)
    return "\n".join([*lines, f"event: {event}", f"data: {text}"]) + "\n\n"


def opened(cursor: str, *channels: str, resets: dict[str, str] | None = None) -> str:
    """``stream.open``, which asks to come back after a millisecond."""
    starts = [
        {"channel": c, "start": {"at": "offset", **({"reset": resets[c]} if resets and c in resets else {})}}
        for c in channels
    ]
    return frame("stream.open", {"connection_id": "x", "resumed": True, "channels": starts}, cursor, retry=1)


def event(number: int, channel: str = "news:a", type: str = "counted") -> str:
    """An event whose cursor, id and data are ``number``."""
    data = {"channel": channel, "id": str(number), "time": "2026-01-01T00:00:00Z", "data": number}
    return frame(type, data, f"c{number}")
