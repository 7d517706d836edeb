"""The steps of an upload: a form for a small file, tus 1.0.0 for a large one, which goes on where it was cut. Pure but for reading, see ``_calls``."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import mimetypes
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol
from urllib.parse import quote

from . import _answers
from ._answers import Answer, Backoff
from ._calls import Report, Send, Steps, once, passes, refusal, retried
from ._effects import Failed, Wait
from ._errors import RequestError, TailraceError
from ._messages import uuid7

_TUS = {"Tus-Resumable": "1.0.0"}
_FIRST_PART = 256 * 1024
_LARGEST_PART = 8 * 1024 * 1024
_PART_S = 120.0
_KEPT_S = 24 * 3600.0
_NO_TEXT = ("image/", "audio/", "video/", "font/")

Phase = Literal["sending", "stored", "reading", "ready", "failed"]
File = str | os.PathLike[str] | bytes | BinaryIO
"""A path, bytes, or a file that is open for reading and can be sought in."""


@dataclass(frozen=True)
class Upload:
    """A file as the server has it. ``state`` is ``stored``, ``ready`` when its text is read, or ``failed`` with the ``reason`` why it has none."""

    id: str
    name: str
    detected_type: str
    size: int
    sha256: str
    state: str
    channel: str
    created_at: str
    declared_type: str | None = None
    reason: str | None = None
    pages: int | None = None
    text_characters: int | None = None


@dataclass(frozen=True)
class UploadProgress:
    """How far a file is: ``sent`` of ``size`` bytes are on the server's disk, and ``pages`` of ``of`` are read."""

    name: str
    phase: Phase
    sent: int
    size: int
    pages: int | None = None
    of: int | None = None


@dataclass(frozen=True)
class Uploaded:
    """What became of several files: those that were taken, and those that were not with the error of each, in their order."""

    uploads: tuple[Upload, ...]
    refused: tuple[tuple[str, TailraceError], ...]


class UploadStore(Protocol):
    """Where uploads that are not whole are kept, so that another process goes on with them. ``FileUploadStore`` is one."""

    def get(self, key: str) -> str | None:
        """The upload's id."""

    def set(self, key: str, id: str | None) -> None:
        """Keeps or forgets it."""


class FileUploadStore:
    """Keeps them in a file of JSON for 24 hours. For one process at a time."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)

    def get(self, key: str) -> str | None:
        """The upload's id."""
        kept = self._read().get(key)
        return None if kept is None else str(kept["id"])

    def set(self, key: str, id: str | None) -> None:
        """Keeps or forgets it."""
        all = self._read()
        all.pop(key, None)
        if id is not None:
            all[key] = {"id": id, "at": time.time()}
        beside = self._path.with_name(self._path.name + ".new")
        beside.write_text(json.dumps(all))
        beside.replace(self._path)

    def _read(self) -> dict[str, Any]:
        try:
            all = json.loads(self._path.read_text())
            return {key: each for key, each in all.items() if time.time() - each["at"] < _KEPT_S}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}


class Source:
    def __init__(self, file: File, name: str | None, type: str | None) -> None:
        self._close = False
        modified = ""
        if isinstance(file, bytes):
            self._file: BinaryIO = io.BytesIO(file)
        elif isinstance(file, str | os.PathLike):
            modified = str(os.stat(file).st_mtime_ns)
            self._file = open(file, "rb")  # noqa: SIM115
            self._close = True
            name = name or Path(file).name
        else:
            self._file = file
            given = getattr(file, "name", None)
            name = name or (Path(given).name if isinstance(given, str) else None)
        self.name = name or "file"
        self.type = type if type is not None else mimetypes.guess_type(self.name)[0] or ""
        self.size = self._file.seek(0, io.SEEK_END)
        self.key = json.dumps([self.name, self.type, self.size, modified])

    def part(self, start: int, end: int) -> bytes:
        self._file.seek(start)
        content = self._file.read(end - start)
        if len(content) != end - start:
            raise ValueError(f"{self.name} has ended at {start + len(content)} of {self.size} bytes")
        return content

    def close(self) -> None:
        if self._close:
            self._file.close()


@dataclass(frozen=True)
class Options:
    renews_token: bool
    store: UploadStore | None
    text: bool
    form_bytes: int
    part_bytes: int | None
    retry_for: float
    read_for: float


def uploading(source: Source, options: Options) -> Steps[Upload]:
    yield Report(UploadProgress(source.name, "sending", 0, source.size))
    kept = options.store.get(source.key) if options.store else None
    if source.size <= options.form_bytes and kept is None:
        upload = yield from _in_form(source, options)
    else:
        upload = yield from _resumably(source, kept, options)
    yield Report(UploadProgress(source.name, "stored", source.size, source.size))
    if options.text and upload.state == "stored" and not upload.detected_type.startswith(_NO_TEXT):
        upload = yield from _with_text(source, upload, options)
    if upload.state == "ready":
        yield Report(UploadProgress(source.name, "ready", source.size, source.size, upload.pages, upload.pages))
    elif upload.state == "failed":
        yield Report(UploadProgress(source.name, "failed", source.size, source.size))
    return upload


def _in_form(source: Source, options: Options) -> Steps[Upload]:
    """In one request. Where its answer is lost it is looked for, and what is not there is sent resumably."""
    content = source.part(0, source.size)
    boundary = uuid7()
    shown = source.name.replace("\\", "_").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{shown}"\r\n'
    head += f"Content-Type: {source.type or 'application/octet-stream'}\r\n\r\n"
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = yield from once(Send("POST", "/uploads", headers, body, 60.0), options.renews_token)
    if isinstance(answer, Answer):
        if answer.status == 201:
            found = _json(answer).get("uploads") or []
            if found:
                return record(found[0])
        elif not passes(answer):
            raise refusal(answer)
    page = yield from retried(Send("GET", "/uploads?limit=200"), options.renews_token, options.retry_for, "uploads")
    digest = hashlib.sha256(content).hexdigest()
    for each in page["uploads"]:
        if each["sha256"] == digest and each["size"] == source.size:
            return record(each)
    return (yield from _resumably(source, None, options))


def _resumably(source: Source, id: str | None, options: Options) -> Steps[Upload]:
    backoff = Backoff(random.random, first=0.5, most=15.0)
    part = options.part_bytes or _FIRST_PART
    offset: int | None = None
    furthest, further_at, begun = -1, time.monotonic(), 0
    while True:
        started = time.monotonic()
        if id is None:
            begun += 1
            answer = yield from _create(source, options)
            if isinstance(answer, Answer) and answer.status == 201:
                id, offset = answer.headers["location"].rpartition("/")[2], 0
                _keep(source, id, options)
        elif offset is None:
            answer = yield from once(Send("HEAD", f"/uploads/resumable/{id}", _TUS), options.renews_token)
        else:
            answer = yield from _append(source, id, offset, min(offset + part, source.size), options)
            if options.part_bytes is None and isinstance(answer, Answer) and answer.status == 204:
                part = min(2 * part, _LARGEST_PART) if time.monotonic() - started < 1.0 else part
        at = offset if isinstance(answer, Answer) and answer.status == 201 else _offset(answer, source)
        if at is not None and id is not None:
            if at > furthest:
                furthest, further_at = at, time.monotonic()
                backoff.succeeded()
            offset = at
            yield Report(UploadProgress(source.name, "sending", at, source.size))
            if at == source.size:
                path = f"/uploads/{id}"
                upload = record((yield from retried(Send("GET", path), options.renews_token, options.retry_for, "id")))
                _keep(source, None, options)
                return upload
            continue
        gone = isinstance(answer, Answer) and (answer.status in (404, 410) or _is_another(answer, source))
        if isinstance(answer, Answer) and (gone or answer.status in (400, 413, 415)):
            _keep(source, None, options)
        if gone and begun < 3:
            id, furthest = None, -1
        elif isinstance(answer, Answer) and not (passes(answer) or answer.status < 300 or answer.status in (409, 423, 460)):
            raise refusal(answer)
        asked = _answers.retry_after(answer, time.time()) if isinstance(answer, Answer) else None
        seconds = backoff.next(at_least=asked)
        if time.monotonic() + seconds - further_at > options.retry_for:
            raise refusal(answer) if isinstance(answer, Answer) else RequestError(answer.reason)
        yield Wait(seconds)
        offset = None


def _create(source: Source, options: Options) -> Steps[Answer | Failed]:
    metadata = f"filename {_base64(source.name)}" + (f",filetype {_base64(source.type)}" if source.type else "")
    headers = {**_TUS, "Upload-Length": str(source.size), "Upload-Metadata": metadata}
    return once(Send("POST", "/uploads/resumable", headers), options.renews_token)


def _append(source: Source, id: str, start: int, end: int, options: Options) -> Steps[Answer | Failed]:
    headers = {**_TUS, "Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
    send = Send("PATCH", f"/uploads/resumable/{id}", headers, source.part(start, end), _PART_S)
    return once(send, options.renews_token)


def _offset(answer: Answer | Failed, source: Source) -> int | None:
    """The offset of an answer to HEAD or PATCH; None if it has none, or is about another file."""
    if isinstance(answer, Failed) or answer.status not in (200, 204) or _is_another(answer, source):
        return None
    text = answer.headers.get("upload-offset", "")
    return int(text) if text.isascii() and text.isdigit() else None


def _is_another(answer: Answer, source: Source) -> bool:
    return answer.headers.get("upload-length", str(source.size)) != str(source.size)


def _keep(source: Source, id: str | None, options: Options) -> None:
    if options.store is not None:
        options.store.set(source.key, id)


def _with_text(source: Source, upload: Upload, options: Options) -> Steps[Upload]:
    """Waits until its text is read, or there is none: the channel tells how far it is, the record how it ended."""
    deadline = time.monotonic() + options.read_for
    after, pause = "earliest", 0.1
    while True:
        path = f"/channels/{quote(upload.channel, safe=':')}/events?limit=1000&after={quote(after, safe='')}"
        try:
            page = yield from retried(Send("GET", path), options.renews_token, 0.0, "events")
        except RequestError:
            # The record says it, too.
            page = {"events": [], "position": after}
        for each in page["events"]:
            if each["event"] == "extraction_progress":
                data = each["data"]["data"]
                yield Report(
                    UploadProgress(source.name, "reading", source.size, source.size, data.get("pages"), data.get("of"))
                )
        after = page["position"]
        path = f"/uploads/{upload.id}"
        now = record((yield from retried(Send("GET", path), options.renews_token, options.retry_for, "id")))
        if now.state != "stored" or time.monotonic() > deadline:
            return now
        yield Wait(pause)
        pause = min(2 * pause, 2.0)


def record(body: dict[str, Any]) -> Upload:
    known: dict[str, Any] = {name: body.get(name) for name in Upload.__dataclass_fields__}
    return Upload(**known)


def _json(answer: Answer) -> dict[str, Any]:
    try:
        body = json.loads(answer.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def text_of(id: str, page: int | str | None, renews_token: bool, retry_for: float) -> Steps[str]:
    path = f"/uploads/{quote(id, safe='')}/text" + ("" if page is None else f"?page={quote(str(page), safe='')}")
    deadline = time.monotonic() + retry_for
    while True:
        answer = yield from once(Send("GET", path), renews_token)
        if isinstance(answer, Answer) and answer.status == 200:
            return answer.body.decode()
        if isinstance(answer, Answer) and not passes(answer):
            raise refusal(answer)
        if time.monotonic() > deadline:
            raise RequestError(answer.reason if isinstance(answer, Failed) else str(refusal(answer)))
        yield Wait(1.0)
