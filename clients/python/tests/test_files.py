"""Uploads and answers against a server in memory, over real sockets."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scripted import frame

from tailrace import (
    AnswerEvent,
    AnswerFailedError,
    Answers,
    AsyncAnswers,
    AsyncFiles,
    Files,
    FileUploadStore,
    RequestError,
    RequestRefusedError,
    UploadProgress,
)
from tailrace._answer_fold import AnswerFold

OWNER = "0190f3c2-0000-7000-8000-000000000001"
CHANNEL = f"answer:{OWNER}:a-1"
Entry = tuple[str, dict[str, Any]]


def started(attempt: int) -> Entry:
    return "answer_started", {"attempt": attempt, "seq": 0, "model": "small"}


def delta(attempt: int, seq: int, text: str) -> Entry:
    return "answer_delta", {"attempt": attempt, "seq": seq, "text": text}


def completed(attempt: int, seq: int) -> Entry:
    return "answer_completed", {"attempt": attempt, "seq": seq, "model": "small", "finish_reason": "stop"}


WHOLE: list[Entry] = [started(1), delta(1, 1, "It "), delta(1, 2, "is "), delta(1, 3, "blue"), completed(1, 4)]


class FilesServer:
    """Answers as docs/files.md and docs/answers.md say, with what it has in memory. Use it in ``with``."""

    def __init__(self) -> None:
        self.files: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.interfere: Callable[[str, str, dict[str, str], bytes], int | str | float | None] = lambda *_: None
        self.text: dict[str, Any] = {"state": "ready", "pages": 1, "text_characters": 5}
        self.view: dict[str, Any] = {"id": "a-1", "channel": CHANNEL, "state": "waiting", "attempt": 0}
        self.log: list[Entry] = WHOLE
        self.events_per_stream = 100
        self.ended = threading.Event()

    def record(self, id: str) -> dict[str, Any]:
        content = self.files[id]["content"]
        return {
            "id": id,
            "name": self.files[id]["name"],
            "detected_type": self.files[id]["type"],
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "state": "stored",
            "channel": f"upload:{OWNER}:{id}",
            "created_at": "2026-01-01T00:00:00Z",
            **self.text,
        }

    def tus(self, method: str, id: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], Any]:
        if method == "POST":
            pairs = dict(pair.split(" ") for pair in headers["upload-metadata"].split(","))
            said = {name: base64.b64decode(value).decode() for name, value in pairs.items()}
            id = f"tus-{len(self.files) + 1}"
            length = int(headers["upload-length"])
            self.files[id] = {"name": said["filename"], "type": said.get("filetype", "text/plain"), "content": b"", "length": length}
            return 201, {"Location": f"/uploads/resumable/{id}"}, None
        if id not in self.files:
            return 404, {}, None
        file = self.files[id]
        if method == "PATCH":
            if int(headers["upload-offset"]) != len(file["content"]):
                return 409, {}, None
            file["content"] += body
        at = {"Upload-Offset": str(len(file["content"])), "Upload-Length": str(file["length"])}
        return (204 if method == "PATCH" else 200), at, None

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], Any]:
        parts = path.split("/")
        if path.startswith("/uploads/resumable"):
            return self.tus(method, parts[-1], headers, body)
        if path == "/uploads" and method == "POST":
            content = body.split(b"\r\n\r\n", 1)[1].rpartition(b"\r\n--")[0]
            name = body.split(b'filename="')[1].split(b'"')[0].decode()
            if not content:
                return 400, {}, {"errors": [{"field": name, "message": "empty"}]}
            id = f"form-{len(self.files) + 1}"
            self.files[id] = {"name": name, "type": "text/plain", "content": content, "length": len(content)}
            return 201, {}, {"uploads": [self.record(id)], "refused": []}
        if path == "/uploads":
            return 200, {}, {"uploads": [self.record(id) for id, file in self.files.items() if len(file["content"]) == file["length"]]}
        if parts[1] == "uploads":
            return (200, {}, self.record(parts[2])) if parts[2] in self.files else (404, {}, {"detail": "gone"})
        if parts[1] == "channels":
            log = self.log if parts[2].startswith("answer:") else []
            events = [
                {"id": f"c{i}", "event": type, "data": {"channel": CHANNEL, "id": f"e{i}", "time": "", "data": data}}
                for i, (type, data) in enumerate(log)
            ]
            return 200, {}, {"events": events, "next": None, "position": "end"}
        if path == "/answers":
            return 202, {}, {"id": "a-1", "channel": CHANNEL, "state": "waiting"}
        if path == "/answers/a-1":
            return 200, {}, self.view
        if path == "/models":
            return 200, {}, {"models": [{"name": "small"}]}
        return 404, {}, {"detail": "not here"}

    def stream(self, handler: BaseHTTPRequestHandler, cursor: str | None) -> None:
        first = int(cursor or 0)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        opening = {"connection_id": "x", "resumed": first > 0, "channels": [{"channel": CHANNEL, "start": {"at": "offset"}}]}
        handler.wfile.write(frame("stream.open", opening, str(first), retry=1).encode())
        for i, (type, data) in list(enumerate(self.log))[first : first + self.events_per_stream]:
            envelope = {"channel": CHANNEL, "id": f"e{i}", "time": "", "data": data}
            handler.wfile.write(frame(type, envelope, str(i + 1)).encode())
        handler.wfile.flush()
        if first + self.events_per_stream >= len(self.log):
            self.ended.wait(30)

    def __enter__(self) -> FilesServer:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                path = urlsplit(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers.get("content-length") or 0))
                if path.path == "/events":
                    try:
                        query = parse_qs(path.query)
                        server.stream(self, headers.get("last-event-id") or query.get("cursor", [None])[0])
                    except OSError:
                        pass
                    self.close_connection = True
                    return
                server.asked.append((self.command, path.path, headers, body))
                what = server.interfere(self.command, path.path, headers, body)
                if isinstance(what, float):
                    server.answer(self.command, path.path, headers, body[: int(len(body) * what)])
                if what == "cut" or isinstance(what, float):
                    self.close_connection = True
                    return
                status, more, answer = (what, {}, None) if isinstance(what, int) else server.answer(self.command, path.path, headers, body)
                raw = b"" if answer is None else json.dumps(answer).encode()
                self.send_response(status)
                kind = "application/problem+json" if status >= 400 else "application/json"
                for name, value in {"Content-Type": kind, "Content-Length": str(len(raw)), **more}.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(raw)

            do_GET = do_POST = do_HEAD = do_PATCH = do_DELETE = _serve

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()


PATTERN = bytes(i * 7 % 251 for i in range(100_000))


def test_a_small_file_goes_in_a_form_and_a_large_one_resumably(tmp_path: Path) -> None:
    told: list[UploadProgress] = []
    path = tmp_path / "größe.txt"
    path.write_bytes(PATTERN)
    with FilesServer() as server, Files(server.url, "secret", form_bytes=1000, part_bytes=40_000) as files:
        small = files.upload(b"Hello", name="a.txt")
        large = files.upload(path, on_progress=told.append)
        assert (small.name, small.size, small.state, small.pages) == ("a.txt", 5, "ready", 1)
        assert (large.name, large.size) == ("größe.txt", len(PATTERN))
        assert [file["content"] for file in server.files.values()] == [b"Hello", PATTERN]
        assert {headers["authorization"] for _, _, headers, _ in server.asked} == {"Bearer secret"}
        assert [each.sent for each in told if each.phase == "sending"] == [0, 0, 40_000, 80_000, 100_000]
        assert [each.phase for each in told][-2:] == ["stored", "ready"]
        assert files.get(large.id) == large


def test_what_is_cut_goes_on_where_the_server_has_it() -> None:
    cuts = iter((0.5, 503, 423, "cut"))
    with FilesServer() as server, Files(server.url, form_bytes=0, part_bytes=40_000) as files:
        server.interfere = lambda method, *_: next(cuts, None) if method == "PATCH" else None
        files.upload(io.BytesIO(PATTERN), name="a")
        assert server.files["tus-1"]["content"] == PATTERN
        offsets = [int(headers["upload-offset"]) for method, _, headers, _ in server.asked if method == "PATCH"]
        assert offsets == sorted(offsets)


def test_another_process_goes_on_with_what_is_kept_and_begins_anew_what_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(PATTERN)
    kept = tmp_path / "unfinished.json"
    with FilesServer() as server:
        server.interfere = lambda method, _, headers, __: 401 if method == "PATCH" and headers["upload-offset"] != "0" else None
        with Files(server.url, "t", form_bytes=0, part_bytes=40_000) as files, pytest.raises(RequestRefusedError):
            files.upload(path, store=FileUploadStore(kept))
        server.interfere = lambda *_: None
        with Files(server.url, "t", form_bytes=0, part_bytes=40_000) as files:
            before = len(server.asked)
            files.upload(path, store=FileUploadStore(kept))
            assert [method for method, *_ in server.asked[before : before + 2]] == ["HEAD", "PATCH"]
            assert server.files["tus-1"]["content"] == PATTERN
            assert json.loads(kept.read_text()) == {}
            kept.write_text(json.dumps({next(iter([_key(path)])): {"id": "gone", "at": 9e12}}))
            assert files.upload(path, store=FileUploadStore(kept)).id == "tus-2"


def _key(path: Path) -> str:
    from tailrace._uploading import Source

    source = Source(path, None, None)
    source.close()
    return source.key


def test_a_form_whose_answer_is_lost_is_looked_for_and_else_sent_resumably() -> None:
    with FilesServer() as server, Files(server.url) as files:
        server.interfere = lambda method, path, *_: 1.0 if (method, path) == ("POST", "/uploads") else None
        assert files.upload(b"Hello", name="a").id == "form-1"
        server.interfere = lambda method, path, *_: 503 if (method, path) == ("POST", "/uploads") else None
        assert files.upload(b"World", name="b").id == "tus-2"


def test_of_several_files_the_bad_one_is_told_and_the_others_are_taken() -> None:
    with FilesServer() as server, Files(server.url) as files:
        all = files.upload_all([b"a", b"", b"c"])
        assert [each.size for each in all.uploads] == [1, 1]
        assert [(name, str(error)) for name, error in all.refused] == [("file", "400 without a problem: file: empty")]


def test_a_server_that_is_away_for_too_long_and_a_file_that_is_refused_are_errors() -> None:
    with FilesServer() as server, Files(server.url, form_bytes=0, retry_for=0.1) as files:
        server.interfere = lambda *_: "cut"
        with pytest.raises(RequestError):
            files.upload(b"a", name="a")
        server.interfere = lambda method, *_: 415 if method == "PATCH" else None
        with pytest.raises(RequestRefusedError) as refused:
            files.upload(b"a", name="a")
        assert refused.value.status == 415


def told(events: list[AnswerEvent]) -> list[str]:
    return [f"{each.type.removeprefix('answer_')} {each.text}".strip() for each in events]


def test_an_answer_is_events_whatever_connections_are_cut() -> None:
    with FilesServer() as server, Answers(server.url, "secret") as answers:
        server.events_per_stream = 1
        answer = answers.ask("small", "Why?", uploads=["u-1"], max_tokens=5)
        assert told(list(answer)) == ["started", "delta It", "delta is", "delta blue", "completed"]
        body = json.loads(server.asked[0][3])
        assert body == {"model": "small", "messages": [{"role": "user", "content": "Why?"}], "uploads": ["u-1"], "max_tokens": 5}
        assert answer.text() == "It is blue"
        assert answers.resume(answer.id).text() == "It is blue"
        assert answers.models() == [{"name": "small"}]


def test_an_attempt_begins_anew_and_what_failed_or_was_cancelled_says_so() -> None:
    with FilesServer() as server, Answers(server.url) as answers:
        server.log = [started(1), delta(1, 1, "wrong"), started(2), delta(1, 2, "late"), delta(2, 1, "right"), completed(2, 2)]
        assert answers.ask("small", "Why?").text() == "right"
        server.log = [started(1), delta(1, 1, "half"), ("answer_failed", {"attempt": 1, "seq": 2, "reason": "r", "detail": "No"})]
        with pytest.raises(AnswerFailedError, match="No") as failed:
            answers.ask("small", "Why?").text()
        assert (failed.value.reason, failed.value.text) == ("r", "half")
        server.log = [started(1), ("answer_cancelled", {}), delta(1, 1, "more")]
        with pytest.raises(AnswerFailedError, match="cancelled"):
            answers.ask("small", "Why?").text()


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ({"state": "cancelled"}, ["started", "delta half", "cancelled"]),
        ({"state": "failed", "attempt": 1, "error": {"reason": "r"}}, ["started", "delta half", "failed"]),
        ({"state": "completed", "attempt": 1, "text": "half"}, ["started", "delta half", "completed"]),
        ({"state": "completed", "attempt": 2, "text": "all"}, ["started", "delta half", "started", "delta all", "completed"]),
    ],
)
def test_where_the_channel_is_silent_the_server_is_asked(view: dict[str, Any], expected: list[str]) -> None:
    with FilesServer() as server, Answers(server.url, check_after=0.2) as answers:
        server.log = [started(1), delta(1, 1, "half")]
        answer = answers.ask("small", "Why?")
        server.view = {"id": "a-1", "channel": CHANNEL, **view}
        assert told(list(answer)) == expected


def test_a_hole_of_the_log_is_told_and_the_server_has_the_rest() -> None:
    fold = AnswerFold()
    for type, data in [started(1), delta(1, 1, "a"), delta(1, 3, "c")]:
        fold.take(type, data)
    assert fold.has_hole
    assert fold.tell_hole() == AnswerEvent("gap", 1, {})
    assert not fold.has_hole
    assert fold.take(*completed(1, 4)) is None
    assert fold.take(*started(2)) is not None
    for data in (None, {}, {"attempt": "1", "seq": 0}):
        assert fold.take("answer_delta", data) is None


def test_it_is_cancelled_and_one_that_has_ended_says_how() -> None:
    with FilesServer() as server, Answers(server.url) as answers:
        answer = answers.ask("small", "Why?")
        server.interfere = lambda _, path, *__: 409 if path.endswith("/cancel") else None
        server.view = {**server.view, "state": "completed"}
        assert answer.cancel() == "completed"
        with pytest.raises(RequestRefusedError):
            answers.resume("a-2")


def test_the_asynchronous_ones_do_the_same() -> None:
    async def main(server: FilesServer) -> None:
        async def token() -> str:
            return "secret"

        async with AsyncFiles(server.url, token, form_bytes=10, part_bytes=40_000) as files:
            all = await files.upload_all([b"Hello", PATTERN, b""])
            assert [each.size for each in all.uploads] == [5, len(PATTERN)]
            assert len(all.refused) == 1
        async with AsyncAnswers(server.url, token, check_after=0.2) as answers:
            answer = await answers.ask("small", "Why?")
            assert [each.type async for each in answer][-1] == "answer_completed"
            assert await answer.text() == "It is blue"
            server.log = [started(1), delta(1, 1, "half")]
            server.view = {**server.view, "state": "completed", "attempt": 1, "text": "half"}
            assert await (await answers.resume("a-1")).text() == "half"
            assert await answers.models() == [{"name": "small"}]

    with FilesServer() as server:
        asyncio.run(main(server))
