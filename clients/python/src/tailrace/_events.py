"""What a subscription gives to the program that iterates over it. All values are immutable."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Event:
    """An event of a channel.

    ``id`` is the id that it has in the log and ``time`` is RFC 3339 in UTC. ``cursor`` is the position of the whole
    subscription behind this event: store it to resume there.
    """

    channel: str
    type: str
    data: Any
    id: str
    time: str
    cursor: str | None


@dataclass(frozen=True)
class Gap:
    """Events are gone from the log before they were read, because their retention has passed.

    ``first`` and ``end`` are offsets of the partition; ``lost`` counts other channels of the partition, too, so it is the
    most that can be missing.
    """

    channels: tuple[str, ...]
    first: int
    end: int
    lost: int
    cursor: str | None

    def __str__(self) -> str:
        return f"at most {self.lost} events of {', '.join(self.channels)} are gone from the log"


@dataclass(frozen=True)
class Reset:
    """The cursor could not be used for some channels, so they start elsewhere.

    docs/protocol/streams.md explains ``reason``.
    """

    reason: str
    channels: tuple[str, ...]
    cursor: str | None

    def __str__(self) -> str:
        return f"the position in {', '.join(self.channels)} could not be kept: {self.reason}"


@dataclass(frozen=True)
class Unreadable:
    """Something in the past of a channel that is not JSON. ``text`` is what stands there."""

    channel: str
    text: str
    cursor: str | None


@dataclass(frozen=True)
class StateChange:
    """The connection of a subscription is in another state.

    ``open`` is told when the server has said so, never earlier. ``retry_in`` is in seconds, and only in ``waiting``.
    """

    state: Literal["connecting", "open", "caught_up", "waiting", "closed"]
    reason: str = ""
    retry_in: float | None = None


@dataclass(frozen=True)
class ChannelsChanged:
    """The set of channels changed, or whether they can be read. ``refused`` and ``removed`` map channels to reasons."""

    added: tuple[str, ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    unavailable: tuple[str, ...] = ()
    available: tuple[str, ...] = ()


Notice = StateChange | ChannelsChanged
Item = Event | Gap | Reset | Unreadable


def json_object(text: str) -> dict[str, Any]:
    """Reads a JSON object; raises ValueError for anything else."""
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def names(entries: Any) -> tuple[str, ...]:
    """The channels of a list of names, or of objects with a ``channel``."""
    return tuple(channel for channel, _ in reasons(entries))


def reasons(entries: Any) -> tuple[tuple[str, str], ...]:
    """The channels of a list of names or of objects, each with its reason or the empty text."""
    if not isinstance(entries, list):
        return ()
    found = []
    for entry in entries:
        if isinstance(entry, dict):
            found.append((str(entry.get("channel", "")), str(entry.get("reason", ""))))
        else:
            found.append((str(entry), ""))
    return tuple(found)
