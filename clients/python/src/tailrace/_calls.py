"""Requests that are tried again until there is an answer. The steps are pure generators, and two drivers carry them out."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from . import _answers
from ._answers import Answer, Backoff
from ._connection import stream_failure
from ._effects import Failed, NeedToken, Reply, Token, Wait
from ._errors import RequestError, RequestRefusedError
from ._tokens import TokenSource, checked, checked_url

Result = TypeVar("Result")


@dataclass(frozen=True)
class Send:
    """Send a request. Reply: Answer or Failed."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    read_s: float = 30.0


@dataclass(frozen=True)
class Report:
    """Tell this to whoever wants to know how far it is. No reply."""

    progress: Any


Steps = Generator[NeedToken | Send | Wait | Report, Reply, Result]


def once(send: Send, renews_token: bool) -> Steps[Answer | Failed]:
    """One answer, whatever it says; a token that the server does not take is asked for once more."""
    for attempt in range(2):
        token = yield NeedToken()
        if not isinstance(token, Token):
            return Failed(f"no token: {token.reason if isinstance(token, Failed) else 'none was given'}")
        headers = dict(send.headers)
        if token.text is not None:
            headers["Authorization"] = f"Bearer {token.text}"
        answer = yield Send(send.method, send.path, headers, send.content, send.read_s)
        if not isinstance(answer, Answer):
            return answer if isinstance(answer, Failed) else Failed("the driver did not reply")
        if answer.status != 401 or not renews_token or attempt == 1:
            return answer
    raise AssertionError


def retried(send: Send, renews_token: bool, retry_for: float, wanted: str | None = None) -> Steps[Any]:
    """The JSON of an answer with 2xx that has the field ``wanted``. What passes by itself is tried again for ``retry_for`` seconds."""
    backoff = Backoff(random.random, first=0.5, most=15.0)
    deadline = time.monotonic() + retry_for
    while True:
        answer = yield from once(send, renews_token)
        asked: float | None = None
        if isinstance(answer, Failed):
            reason = answer.reason
        elif 200 <= answer.status < 300:
            body = _json(answer)
            if wanted is None or (isinstance(body, dict) and wanted in body):
                return body
            reason = "the answer is not one of Tailrace"
        else:
            if not passes(answer):
                raise refusal(answer)
            asked = _answers.retry_after(answer, time.time())
            reason = str(refusal(answer))
        seconds = backoff.next(at_least=asked)
        if time.monotonic() + seconds > deadline:
            raise RequestError(reason)
        yield Wait(seconds)


def passes(answer: Answer) -> bool:
    """Whether the same request may succeed later."""
    known = answer.status in (408, 425, 429) or (answer.status == 409 and "retry-after" in answer.headers)
    return answer.status >= 500 or known


def refusal(answer: Answer) -> RequestRefusedError:
    """What a refusal says, for whoever has asked."""
    problem = _answers.problem(answer)
    told = "; ".join(f"{name}: {message}" for name, message in problem.errors) or problem.detail
    return RequestRefusedError(answer.status, problem.type, told, problem.errors)


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except ValueError:
        return None


class Caller:
    """Carries out steps with httpx. Thread-safe but for ``close``."""

    def __init__(
        self, url: str, token: str | Callable[[], str] | None, token_timeout: float, http: httpx.Client | None
    ) -> None:
        TokenSource(token, token_timeout)
        self.url = checked_url(url)
        self.token = token
        self.renews_token = callable(token)
        self._token_timeout = token_timeout
        self._owns_http = http is None
        self.http = http or httpx.Client()

    def run(self, steps: Steps[Result], on_progress: Callable[[Any], None] | None = None) -> Result:
        # A source of its own, because calls of several threads must not share one.
        tokens = TokenSource(self.token, self._token_timeout)
        reply: Reply = None
        while True:
            try:
                effect = steps.send(reply)
            except StopIteration as done:
                result: Result = done.value
                return result
            reply = None
            if isinstance(effect, NeedToken):
                reply = tokens.get()
            elif isinstance(effect, Wait):
                time.sleep(effect.seconds)
            elif isinstance(effect, Report):
                if on_progress is not None:
                    on_progress(effect.progress)
            else:
                try:
                    response = self.http.request(
                        effect.method,
                        self.url + effect.path,
                        headers=effect.headers,
                        content=effect.content,
                        timeout=httpx.Timeout(10.0, read=effect.read_s, write=effect.read_s),
                    )
                    reply = Answer(response.status_code, dict(response.headers), response.content)
                except httpx.HTTPError as e:
                    reply = Failed(stream_failure(e))

    def close(self) -> None:
        if self._owns_http:
            self.http.close()


class AsyncCaller:
    """``Caller`` for asyncio."""

    def __init__(
        self,
        url: str,
        token: str | Callable[[], Awaitable[str]] | None,
        token_timeout: float,
        http: httpx.AsyncClient | None,
    ) -> None:
        if not callable(token):
            TokenSource(token, token_timeout)
        self.url = checked_url(url)
        self.token = token
        self.renews_token = callable(token)
        self._token_timeout = token_timeout
        self._owns_http = http is None
        self.http = http or httpx.AsyncClient()

    async def run(self, steps: Steps[Result], on_progress: Callable[[Any], None] | None = None) -> Result:
        reply: Reply = None
        while True:
            try:
                effect = steps.send(reply)
            except StopIteration as done:
                result: Result = done.value
                return result
            reply = None
            if isinstance(effect, NeedToken):
                reply = await self._next_token()
            elif isinstance(effect, Wait):
                await asyncio.sleep(effect.seconds)
            elif isinstance(effect, Report):
                if on_progress is not None:
                    on_progress(effect.progress)
            else:
                try:
                    response = await self.http.request(
                        effect.method,
                        self.url + effect.path,
                        headers=effect.headers,
                        content=effect.content,
                        timeout=httpx.Timeout(10.0, read=effect.read_s, write=effect.read_s),
                    )
                    reply = Answer(response.status_code, dict(response.headers), response.content)
                except httpx.HTTPError as e:
                    reply = Failed(stream_failure(e))

    async def _next_token(self) -> Token | Failed:
        if not callable(self.token):
            return Token(self.token)
        try:
            return checked(await asyncio.wait_for(self.token(), self._token_timeout))
        except asyncio.TimeoutError:
            return Failed(f"the token callback has not answered within {self._token_timeout:g} s")
        except Exception as e:
            return Failed(f"the token callback raised {type(e).__name__}: {e}")

    async def close(self) -> None:
        if self._owns_http:
            await self.http.aclose()
