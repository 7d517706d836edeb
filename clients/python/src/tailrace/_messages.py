"""What the publishers' shortcuts send: which channel, which type, which data. Pure."""

from __future__ import annotations

import re
import secrets
import time
import uuid
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple

_PART = re.compile(r"[A-Za-z0-9._~-]{1,64}")


class Message(NamedTuple):
    """What ``publish`` takes."""

    channel: str
    type: str
    data: dict[str, Any]


def log(service: str, workspace_id: str, workflow_id: str, data: Mapping[str, Any]) -> Message:
    return Message(_channel("logs", workspace_id, workflow_id), "log", _stamped(service, data))


def metric(service: str, workspace_id: str, data: Mapping[str, Any]) -> Message:
    return Message(_channel("metrics", workspace_id), "metric", _stamped(service, data))


def workflow(service: str, workspace_id: str, workflow_id: str, data: Mapping[str, Any]) -> Message:
    return Message(_channel("workflows", workspace_id, workflow_id), "workflow", _stamped(service, data))


def alert(service: str, workspace_id: str, data: Mapping[str, Any]) -> Message:
    return Message(_channel("alerts", workspace_id), "alert", _stamped(service, data))


def _channel(namespace: str, *parts: str) -> str:
    for part in parts:
        # A colon in a part would name a channel of another workspace.
        if not isinstance(part, str) or not _PART.fullmatch(part):
            raise ValueError(f"{part!r} cannot be a part of a channel, expected 1 to 64 of A-Z a-z 0-9 . _ ~ -")
    return ":".join((namespace, *parts))


def _stamped(service: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The time is that of the call, because an event may wait for long until its publisher reaches the server."""
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"service": service, "timestamp": now, **data}


def uuid7() -> str:
    """A UUIDv7 (RFC 9562, section 5.7), as Tailrace's own ids are."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
