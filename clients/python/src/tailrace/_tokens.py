"""Gets tokens from a callback that may raise or never answer."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import httpx

from ._effects import Failed, Token


class TokenSource:
    """A fixed token, or a callback for one. Not thread-safe.

    The callback runs in a thread of its own, because nothing else can bound its time. While one call has not ended no
    other is begun, so a callback that never answers holds one thread and not one more with every attempt.
    """

    def __init__(self, token: str | Callable[[], str] | None, timeout_s: float) -> None:
        if isinstance(token, str) and isinstance(checked(token), Failed):
            raise ValueError("the token is not a text of printable ASCII characters; does it end with a line feed?")
        self._token = token
        self._timeout_s = timeout_s
        self._answer: queue.Queue[Token | Failed] | None = None

    def get(self) -> Token | Failed:
        """A token, or why there is none."""
        token = self._token
        if token is None or isinstance(token, str):
            return Token(token)
        if self._answer is None:
            self._answer = queue.Queue(1)
            threading.Thread(target=_call, args=(token, self._answer), name="tailrace-token", daemon=True).start()
        try:
            result = self._answer.get(timeout=self._timeout_s)
        except queue.Empty:
            return Failed(f"the token callback has not answered within {self._timeout_s:g} s")
        self._answer = None
        return result


def checked(token: object) -> Token | Failed:
    """What a callback gave, if it can be sent in a header."""
    if isinstance(token, str) and token and token.isascii() and token.isprintable():
        return Token(token)
    return Failed(f"the token callback gave {type(token).__name__}, expected a text of printable ASCII characters")


def checked_url(url: str) -> str:
    """``url`` without a slash at its end; raises ValueError if it is not one of HTTP."""
    try:
        scheme, host = httpx.URL(url).scheme, httpx.URL(url).host
    except (httpx.InvalidURL, TypeError) as e:
        raise ValueError(f"{url!r} is no URL: {e}") from None
    if scheme not in ("http", "https") or not host:
        raise ValueError(f"{url!r} is no URL of HTTP, expected http://… or https://…")
    return url.rstrip("/")


def _call(callback: Callable[[], str], answer: queue.Queue[Token | Failed]) -> None:
    try:
        answer.put(checked(callback()))
    except Exception as e:
        answer.put(Failed(f"the token callback raised {type(e).__name__}: {e}"))
