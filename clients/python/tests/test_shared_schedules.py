"""The schedules that all clients run: clients/schedules.md says what each step means, and what is right.

TAILRACE_SCHEDULES=1000 pytest tests/test_shared_schedules.py runs that many others, which Node.js makes.
"""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from scripted import frame

from tailrace import AsyncSubscriber, Event, Gap, ProtocolError, Reset, Subscriber, SubscriptionRefusedError, _connection
from tailrace._answers import Backoff

CLIENTS = Path(__file__).parent.parent.parent


def schedules() -> Any:
    """The schedules of the file, or as many others as the environment variable says."""
    more = os.environ.get("TAILRACE_SCHEDULES")
    if not more:
        return json.loads((CLIENTS / "schedules.json").read_text())
    command = ["node", str(CLIENTS / "javascript" / "test-support" / "write-schedules.js"), more]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


SCHEDULES = schedules()
PASSED = (ProtocolError, SubscriptionRefusedError)
"""What a page of HTML before the stream was open, and a cursor that is refused once, raise: iterating again goes on."""


@pytest.fixture(autouse=True)
def quick_and_quiet(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.CRITICAL, "tailrace")
    monkeypatch.setattr(_connection, "Backoff", functools.partial(Backoff, first=0.001, most=0.002, most_asked=0.002))


class Stream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Frames, then the end of the connection or how it breaks."""

    def __init__(self, frames: list[str], end: httpx.TransportError | None) -> None:
        self.frames = frames
        self.end = end

    def __iter__(self) -> Iterator[bytes]:
        yield from (frame.encode() for frame in self.frames)
        if self.end is not None:
            raise self.end

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


class ScheduleServer(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Does a schedule, as clients/javascript/test-support/schedules.js does it."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.channels: list[str] = plan["channels"]
        self.events: int = plan["events"]
        self.steps: Iterator[dict[str, Any]] = iter(plan["steps"])
        self.tokens = self.floor = self.served = 0
        self.floors: dict[str, int] = {}
        self.reset: tuple[str, int] | None = None
        self.bad_cursor = self.without_token = False

    def token(self) -> str:
        if self.without_token:
            self.without_token = False
            raise RuntimeError("there is no token now")
        return f"token-{self.tokens}"

    async def async_token(self) -> str:
        return self.token()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self.answer(request.headers["Authorization"], request.headers.get("Last-Event-ID"))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.answer(request.headers["Authorization"], request.headers.get("Last-Event-ID"))

    def answer(self, authorization: str, cursor: str | None) -> httpx.Response:
        if authorization != f"Bearer token-{self.tokens}":
            return refusal(401, "unauthorized")
        if self.bad_cursor and cursor is not None:
            self.bad_cursor = False
            return refusal(400, "invalid-cursor")
        step: dict[str, Any] = next(self.steps, {"do": "all"})
        do = step["do"]
        if do == "refuse":
            return refusal(step["status"], "unavailable", {"Retry-After": str(step["retry_after"])})
        if do == "html":
            return httpx.Response(200, html="<html><body>Sign in to the network</body></html>")
        counts = {"all": self.events, "bad_cursor": 2, "hide": 1}
        # A page's clock is what a "freeze" is about. Here two more events come, and the connection breaks.
        more = 2 if do == "freeze" else 0
        frames = self.bring(cursor, counts[do] if do in counts else step["after"] + more)
        end: httpx.TransportError | None = httpx.ReadError("connection reset by peer")
        if do == "cut":
            frames.append(frame("counted", "", f"c{self.events}")[:-1])
            end = None
        elif do == "drain":
            frames.append(frame("stream.closing", {"reason": "draining", "reconnect": True}))
        elif do == "close":
            frames.append(frame("stream.closing", {"reason": step["reason"], "reconnect": True}))
        elif do in ("token", "no_token"):
            self.tokens += 1
            self.without_token = do == "no_token"
            frames.append(frame("stream.closing", {"reason": "token_expired", "reconnect": False}))
        elif do == "silent":
            end = httpx.ReadTimeout("the watchdog")
        elif do == "bad_cursor":
            self.bad_cursor = True
        elif do == "thin":
            self.take(step["channel"], step["events"])
        elif do == "lose":
            self.floor = min(self.events - 5, self.served + step["events"])
        elif do == "reset":
            self.reset = (step["reason"], min(self.events - 5, self.served + step["events"]))
        return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=Stream(frames, end))

    def bring(self, cursor: str | None, count: int) -> list[str]:
        at = 0 if cursor is None else int(cursor[1:])
        starts = [{"channel": channel, "start": {"at": "offset"}} for channel in self.channels]
        frames = [frame("stream.open", {"connection_id": "x", "resumed": True, "channels": starts}, f"c{at}", retry=1)]
        if self.reset is not None:
            reason, to = self.reset
            self.reset = None
            at = max(at, to)
            self.floor = max(self.floor, at)
            frames.append(frame("stream.reset", {"reason": reason, "channels": starts}, f"c{at}"))
        if at < self.floor:
            gap = {"channels": self.channels, "from": at, "to": self.floor, "lost": self.floor - at}
            frames.append(frame("stream.gap", gap, f"c{self.floor}"))
            at = self.floor
        for channel, floor in self.floors.items():
            lost = sum(self.channel(n) == channel for n in range(at, floor))
            if lost > 0:
                frames.append(frame("stream.gap", {"channels": [channel], "from": at, "to": floor, "lost": lost}, f"c{at}"))
        while count > 0 and at < self.events:
            n, at = at, at + 1
            if n >= self.floors.get(self.channel(n), 0):
                data = {"channel": self.channel(n), "id": str(n), "time": "", "data": {"n": n}}
                frames.append(frame("counted", data, f"c{at}"))
                count -= 1
        self.served = max(self.served, at)
        return frames

    def channel(self, n: int) -> str:
        return self.channels[n % len(self.channels)]

    def take(self, channel: int, events: int) -> None:
        """Retention takes the next events of one channel alone that were not sent yet."""
        length = len(self.channels)
        first = self.served + (channel - self.served) % length
        floor = min(self.events - 5, first + (events - 1) * length + 1)
        self.floors[self.channels[channel]] = max(self.floors.get(self.channels[channel], 0), floor)


def refusal(status: int, slug: str, headers: dict[str, str] | None = None) -> httpx.Response:
    body = json.dumps({"type": f"https://tailrace.io/problems/{slug}"})
    return httpx.Response(status, headers={"Content-Type": "application/problem+json", **(headers or {})}, content=body)


def check(channels: list[str], items: list[Event | Gap | Reset]) -> None:
    """Holds what a program was given against the promise, as ``broken`` in schedules.js does."""
    following, reset = 0, False
    told: list[tuple[tuple[str, ...], int]] = []
    for item in items:
        if isinstance(item, Gap):
            told.append((item.channels, item.lost))
        elif isinstance(item, Reset):
            reset = True
        else:
            n = item.data["n"]
            assert n >= following or (reset and n != following - 1), f"{n} came again after {following - 1}"
            for missing in range(n if reset else following, n):
                channel = channels[missing % len(channels)]
                gap = next((i for i, (names, left) in enumerate(told) if left > 0 and channel in names), None)
                assert gap is not None, f"{missing} is missing before {n} and no gap was told"
                told[gap] = (told[gap][0], told[gap][1] - 1)
            # What is taken of all channels is taken at once; of one, its events are missing among those of the others.
            told = [(names, left) for names, left in told if left > 0 and len(names) == 1]
            following, reset = n + 1, False


@pytest.mark.parametrize("plan", SCHEDULES, ids=lambda plan: f"seed-{plan['seed']}")
def test_the_schedules_of_all_clients_hold(plan: dict[str, Any]) -> None:
    server = ScheduleServer(plan)
    stream = Subscriber("http://edge", token=server.token, http=httpx.Client(transport=server)).events(
        server.channels, start="earliest", lost="yield"
    )
    items: list[Event | Gap | Reset] = []
    while not items or getattr(items[-1], "id", "") != str(server.events - 1):
        try:
            items.append(next(stream))
        except PASSED:
            continue
    check(server.channels, items)


@pytest.mark.parametrize("plan", SCHEDULES, ids=lambda plan: f"seed-{plan['seed']}")
def test_the_schedules_of_all_clients_hold_with_asyncio(plan: dict[str, Any]) -> None:
    async def read() -> list[Event | Gap | Reset]:
        client = httpx.AsyncClient(transport=server)
        stream = AsyncSubscriber("http://edge", token=server.async_token, http=client).events(
            server.channels, start="earliest", lost="yield"
        )
        items: list[Event | Gap | Reset] = []
        while not items or getattr(items[-1], "id", "") != str(server.events - 1):
            try:
                items.append(await anext(stream))
            except PASSED:
                continue
        return items

    server = ScheduleServer(plan)
    check(server.channels, asyncio.run(read()))
