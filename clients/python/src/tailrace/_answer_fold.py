"""The events of an answer as one text, by the rules of docs/answers.md. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_ENDS = ("answer_completed", "answer_failed")


@dataclass(frozen=True)
class AnswerEvent:
    """Something that happens to an answer; docs/answers.md explains each ``type`` and what is in its ``data``.

    ``answer_started`` begins anew: what was said before counts no more. ``gap``: what else this ``attempt`` says does not
    come; an ``answer_started`` or the end follows.
    """

    type: str
    attempt: int
    data: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The next characters of the answer; empty unless it is an ``answer_delta``."""
        return str(self.data.get("text", "")) if self.type == "answer_delta" else ""


@dataclass
class AnswerFold:
    """The events of an answer's channel as one text, whatever comes twice or late. Not thread-safe."""

    attempt: int = 0
    text: str = ""
    end: AnswerEvent | None = None
    _next: int = field(default=0, init=False)
    _highest: int = field(default=-1, init=False)
    _told: int = field(default=0, init=False)

    def take(self, type: str, data: Any) -> AnswerEvent | None:
        """An event of the channel, also one that was taken before: it, if it counts and is new."""
        if self.end is not None and self.end.type == "answer_cancelled":
            return None
        if type == "answer_cancelled":
            return self._ended(AnswerEvent(type, self.attempt, {}))
        attempt, seq = (data.get("attempt"), data.get("seq")) if isinstance(data, dict) else (None, None)
        if not isinstance(attempt, int) or not isinstance(seq, int) or attempt < self.attempt:
            return None
        if attempt > self.attempt:
            self._begin(attempt)
        self._highest = max(self._highest, seq)
        if self.end is not None or seq != self._next:
            return None
        self._next += 1
        event = AnswerEvent(type, attempt, data)
        self.text += event.text
        return self._ended(event) if type in _ENDS else event

    @property
    def has_hole(self) -> bool:
        """Whether an event of the attempt is missing, and nobody was told."""
        return self._highest >= self._next and self._told != self.attempt

    def tell_hole(self) -> AnswerEvent:
        """What tells of it."""
        self._told = self.attempt
        return AnswerEvent("gap", self.attempt, {})

    def is_over(self, least: int) -> bool:
        """Whether it has ended, with the attempt ``least`` or a later one."""
        return self.end is not None and (self.end.type == "answer_cancelled" or self.attempt >= least)

    def close(self, view: Mapping[str, Any]) -> list[AnswerEvent]:
        """Ends it as the server says that it has ended, where its channel does not."""
        state, attempt = view["state"], int(view.get("attempt", self.attempt))
        if state == "cancelled":
            return [self._ended(AnswerEvent("answer_cancelled", self.attempt, {}))]
        if state == "failed":
            return [self._ended(AnswerEvent("answer_failed", attempt, dict(view.get("error") or {})))]
        text = view.get("text")
        if text is None:
            return []
        events = []
        if attempt != self.attempt or text != self.text:
            self._begin(attempt)
            self.text = str(text)
            events.append(AnswerEvent("answer_started", attempt, {"model": view.get("model")}))
            events.append(AnswerEvent("answer_delta", attempt, {"text": text}))
        known = {name: view[name] for name in ("model", "finish_reason", "usage") if name in view}
        events.append(self._ended(AnswerEvent("answer_completed", attempt, known)))
        return events

    def _begin(self, attempt: int) -> None:
        self.attempt, self.text, self.end, self._next, self._highest = attempt, "", None, 0, -1

    def _ended(self, event: AnswerEvent) -> AnswerEvent:
        self.end = event
        return event
