"""What a subscription asks its driver to do, and what the driver replies.

``Subscription.run`` is a generator that yields effects and does no I/O, so the synchronous and the asynchronous driver share
every decision, and tests run it without a network.
"""

from __future__ import annotations

from dataclasses import dataclass

from ._answers import Answer
from ._errors import TailraceError
from ._events import Event, Gap, Notice, Reset


@dataclass(frozen=True)
class NeedToken:
    """Get a token. Reply: Token or Failed."""


@dataclass(frozen=True)
class Connect:
    """Send GET /events. Reply: Answer (with its body unless it is a stream) or Failed."""

    params: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True)
class Read:
    """Read on. Reply: bytes, or Failed when the stream has ended, however it has."""


@dataclass(frozen=True)
class Close:
    """Close the connection, if there is one. No reply."""


@dataclass(frozen=True)
class Wait:
    """Wait for so many seconds. No reply."""

    seconds: float


@dataclass(frozen=True)
class Deliver:
    """Give this to the program. No reply."""

    item: Event | Gap | Reset


@dataclass(frozen=True)
class Fail:
    """Raise this in the program. No reply; the next effect is asked for if the program goes on."""

    error: TailraceError


@dataclass(frozen=True)
class Tell:
    """Tell this to whoever wants to know. No reply."""

    notice: Notice


@dataclass(frozen=True)
class Token:
    """The token to send, or None for none."""

    text: str | None


@dataclass(frozen=True)
class Failed:
    """It did not work."""

    reason: str


Effect = NeedToken | Connect | Read | Close | Wait | Deliver | Fail | Tell
Reply = Token | Answer | bytes | Failed | None
