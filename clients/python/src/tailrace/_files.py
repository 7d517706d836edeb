"""Uploading files, for programs with and without asyncio: drivers of ``_uploading``."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import httpx

from ._calls import AsyncCaller, Caller, Send, retried
from ._errors import RequestRefusedError, TailraceError
from ._uploading import File, Options, Source, Upload, Uploaded, UploadProgress, UploadStore, record, text_of, uploading


class Files:
    """Uploads files. ``token`` is that of somebody with an account, or a callback that gives one. Thread-safe but for ``close``.

    What is cut goes on where the server has it, for as long as it gets further and ``retry_for`` seconds without. Files of at
    most ``form_bytes`` go in a form. It raises RequestRefusedError and RequestError.
    """

    def __init__(
        self,
        url: str,
        token: str | Callable[[], str] | None = None,
        *,
        retry_for: float = 180.0,
        token_timeout: float = 30.0,
        form_bytes: int = 256 * 1024,
        part_bytes: int | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        self._caller = Caller(url, token, token_timeout, http)
        self._bounds = (form_bytes, part_bytes, retry_for)

    def upload(
        self,
        file: File,
        *,
        name: str | None = None,
        type: str | None = None,
        on_progress: Callable[[UploadProgress], None] | None = None,
        store: UploadStore | None = None,
        text: bool = True,
        read_for: float = 180.0,
    ) -> Upload:
        """Uploads a file and waits until its text is read, ``read_for`` seconds at most, and not with ``text=False``.

        With a ``store`` the same file goes on in another process if this one is ended.
        """
        source = Source(file, name, type)
        options = Options(self._caller.renews_token, store, text, *self._bounds, read_for)
        try:
            return self._caller.run(uploading(source, options), on_progress)
        finally:
            source.close()

    def upload_all(
        self,
        files: Iterable[File],
        *,
        on_progress: Callable[[UploadProgress], None] | None = None,
        store: UploadStore | None = None,
        text: bool = True,
        read_for: float = 180.0,
    ) -> Uploaded:
        """Uploads several, one after the other; one that is refused does not keep the others from being taken."""
        uploads: list[Upload] = []
        refused: list[tuple[str, TailraceError]] = []
        for file in files:
            try:
                uploads.append(self.upload(file, on_progress=on_progress, store=store, text=text, read_for=read_for))
            except RequestRefusedError as e:
                refused.append((_name(file), e))
        return Uploaded(tuple(uploads), tuple(refused))

    def get(self, id: str) -> Upload:
        """What the server has under an id."""
        path = f"/uploads/{quote(id, safe='')}"
        return record(self._caller.run(retried(Send("GET", path), self._caller.renews_token, self._bounds[2], "id")))

    def text(self, id: str, page: int | str | None = None) -> str:
        """Its text, a form feed between two pages; ``page`` is a number or two such as ``2-5``."""
        return self._caller.run(text_of(id, page, self._caller.renews_token, self._bounds[2]))

    def close(self) -> None:
        """Closes the connections, unless they were given."""
        self._caller.close()

    def __enter__(self) -> Files:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class AsyncFiles:
    """``Files`` for asyncio. A token callback is a coroutine function. Files are read in the loop's thread, a part at a time."""

    def __init__(
        self,
        url: str,
        token: str | Callable[[], Awaitable[str]] | None = None,
        *,
        retry_for: float = 180.0,
        token_timeout: float = 30.0,
        form_bytes: int = 256 * 1024,
        part_bytes: int | None = None,
        parallel: int = 3,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self._caller = AsyncCaller(url, token, token_timeout, http)
        self._bounds = (form_bytes, part_bytes, retry_for)
        self._parallel = parallel

    async def upload(
        self,
        file: File,
        *,
        name: str | None = None,
        type: str | None = None,
        on_progress: Callable[[UploadProgress], None] | None = None,
        store: UploadStore | None = None,
        text: bool = True,
        read_for: float = 180.0,
    ) -> Upload:
        """As ``Files.upload``."""
        source = Source(file, name, type)
        options = Options(self._caller.renews_token, store, text, *self._bounds, read_for)
        try:
            return await self._caller.run(uploading(source, options), on_progress)
        finally:
            source.close()

    async def upload_all(
        self,
        files: Sequence[File],
        *,
        on_progress: Callable[[UploadProgress], None] | None = None,
        store: UploadStore | None = None,
        text: bool = True,
        read_for: float = 180.0,
    ) -> Uploaded:
        """As ``Files.upload_all``, ``parallel`` at a time."""
        places = asyncio.Semaphore(self._parallel)

        async def one(file: File) -> Upload | TailraceError:
            async with places:
                try:
                    return await self.upload(file, on_progress=on_progress, store=store, text=text, read_for=read_for)
                except RequestRefusedError as e:
                    return e

        outcomes = await asyncio.gather(*map(one, files))
        return Uploaded(
            tuple(each for each in outcomes if isinstance(each, Upload)),
            tuple((_name(file), each) for file, each in zip(files, outcomes, strict=True) if not isinstance(each, Upload)),
        )

    async def get(self, id: str) -> Upload:
        """As ``Files.get``."""
        path = f"/uploads/{quote(id, safe='')}"
        steps = retried(Send("GET", path), self._caller.renews_token, self._bounds[2], "id")
        return record(await self._caller.run(steps))

    async def text(self, id: str, page: int | str | None = None) -> str:
        """As ``Files.text``."""
        return await self._caller.run(text_of(id, page, self._caller.renews_token, self._bounds[2]))

    async def close(self) -> None:
        """Closes the connections, unless they were given."""
        await self._caller.close()

    async def __aenter__(self) -> AsyncFiles:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _name(file: File) -> str:
    name = file if isinstance(file, str | os.PathLike) else getattr(file, "name", "file")
    return Path(name).name if isinstance(name, str | os.PathLike) else "file"
