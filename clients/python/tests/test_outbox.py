"""The core of the publishers, and a seeded property: each channel once and in order through any schedule of answers."""

from __future__ import annotations

import json
import random

import pytest

from tailrace import BufferFullError, PublishError, PublishRefusedError, PublishTimeoutError
from tailrace._answers import Answer
from tailrace._outbox import Batch, Delivered, Outbox, Outcome, Settings, Undelivered, Waiting, encode

PROBLEM = {"content-type": "application/problem+json"}


class Driver:
    """Puts texts into an outbox and answers its requests, with a clock of its own."""

    def __init__(self, **settings: object) -> None:
        self.now = 0.0
        self.keys = 0
        self.outbox: Outbox[str] = Outbox(Settings(**settings), self._key, lambda: 0.0)  # type: ignore[arg-type]

    def _key(self) -> str:
        self.keys += 1
        return f"key{self.keys}"

    def offer(self, name: str, channel: str = "news:a") -> list[Undelivered[str]]:
        return self.outbox.offer(Waiting(channel, "t", name, encode("t", name, 1), name, self.now))

    def request(self) -> Batch[str]:
        """The next request, whenever it is due."""
        for _ in range(3):
            found = self.outbox.next(self.now, False)
            if isinstance(found, Batch):
                return found
            assert found is not None and found > 0
            self.now += found
        raise AssertionError("no request")

    def answer(self, batch: Batch[str], status: int, body: object = None, **headers: str) -> list[Outcome[str]]:
        answer = Answer(status, {**PROBLEM, **headers}, json.dumps(body or {}).encode())
        return self.outbox.answered(batch, answer, self.now, 0.0, False)

    def accept(self, batch: Batch[str]) -> list[str]:
        body = {"events": [{"id": e.id, "position": "p"} for e in batch.events]}
        outcomes = self.answer(batch, 202, body)
        assert all(isinstance(outcome, Delivered) for outcome in outcomes)
        return [outcome.event.id for outcome in outcomes]


def ids(outcomes: list[Outcome[str]]) -> list[str]:
    return [outcome.event.id for outcome in outcomes]


def test_events_of_a_channel_go_in_one_request_after_the_linger() -> None:
    driver = Driver(linger=0.5)
    driver.offer("1")
    driver.offer("2")
    assert driver.outbox.next(0.0, False) == 0.5
    batch = driver.request()
    assert json.loads(batch.body) == [{"type": "t", "id": i, "data": 1} for i in "12"]
    assert driver.accept(batch) == ["1", "2"]
    assert driver.outbox.next(driver.now, False) is None
    assert len(driver.outbox) == 0


def test_a_request_is_sent_again_as_it_was_and_its_channel_waits_for_it() -> None:
    driver = Driver()
    driver.offer("1")
    first = driver.request()
    driver.offer("2")
    driver.offer("3", "news:b")
    assert driver.answer(first, 503) == []
    other = driver.request()
    assert other.channel == "news:b"
    driver.accept(other)
    again = driver.request()
    assert (again.key, again.body) == (first.key, first.body)
    driver.accept(again)
    assert [e.id for e in driver.request().events] == ["2"]


def test_without_an_answer_and_after_429_no_channel_is_tried() -> None:
    for status in (None, 429):
        driver = Driver()
        driver.offer("1", "news:a")
        driver.offer("2", "news:b")
        batch = driver.request()
        if status is None:
            driver.outbox.failed(batch, "refused", driver.now)
            assert driver.outbox.next(driver.now, True) == 0.5
        else:
            driver.answer(batch, status, None, **{"retry-after": "7"})
            assert driver.outbox.next(driver.now, True) == 7.0


def test_what_is_published_during_an_hour_without_a_server_is_sent_once_and_in_order() -> None:
    driver = Driver(max_batch_events=10)
    keys: dict[str, set[str]] = {}
    number = 0
    while driver.now < 3600:
        driver.offer(str(number))
        number += 1
        batch = driver.request()
        keys.setdefault(batch.events[0].id, set()).add(batch.key)
        driver.outbox.failed(batch, "connection refused", driver.now)
    assert number > 100
    sent: list[str] = []
    while len(driver.outbox):
        sent += driver.accept(driver.request())
    assert sent == [str(n) for n in range(number)]
    assert keys == {"0": {"key1"}}, "the request that may have arrived is asked for again, and nothing before it"


def test_a_page_of_a_proxy_with_200_is_no_receipt() -> None:
    driver = Driver()
    driver.offer("1")
    for status, body in ((200, "<html>Sign in to the network</html>"), (202, "<html>"), (202, {"events": []})):
        assert driver.answer(driver.request(), status, body) == []
    assert driver.accept(driver.request()) == ["1"]


def test_a_refusal_takes_the_event_that_it_names_and_the_others_are_sent() -> None:
    driver = Driver()
    for name in "123":
        driver.offer(name)
    batch = driver.request()
    refused = driver.answer(batch, 400, {"errors": [{"field": "[1].type", "message": "bad"}]})
    assert ids(refused) == ["2"]
    rest = driver.request()
    assert rest.key != batch.key
    driver.offer("4")
    assert driver.accept(rest) == ["1", "3"]
    assert driver.accept(driver.request()) == ["4"]


def test_a_refusal_that_names_no_event_is_narrowed_down_to_it() -> None:
    driver = Driver()
    for name in "12345678":
        driver.offer(name)
    taken: list[str] = []
    refused: list[str] = []
    while len(driver.outbox):
        batch = driver.request()
        if any(e.id == "3" for e in batch.events):
            refused += ids(driver.answer(batch, 413))
        else:
            taken += driver.accept(batch)
    assert (taken, refused) == (list("1245678"), ["3"])


def test_a_refusal_for_the_channel_fails_all_of_the_request() -> None:
    driver = Driver()
    driver.offer("1")
    driver.offer("2")
    refused = driver.answer(driver.request(), 403, {"type": "https://tailrace.io/problems/forbidden"})
    assert ids(refused) == ["1", "2"]
    assert all(isinstance(o, Undelivered) and isinstance(o.error, PublishRefusedError) for o in refused)
    assert len(driver.outbox) == 0


def test_bounded_retries_end_and_the_channel_goes_on() -> None:
    driver = Driver(retry_for=10.0)
    driver.offer("1")
    lost: list[Outcome[str]] = []
    while not lost:
        lost = driver.answer(driver.request(), 503)
    assert driver.now <= 10.0
    assert isinstance(lost[0], Undelivered) and isinstance(lost[0].error, PublishTimeoutError)
    driver.offer("2")
    assert driver.accept(driver.request()) == ["2"]


def test_a_full_buffer_raises_or_drops_the_oldest_that_is_not_under_way() -> None:
    driver = Driver(max_events=2)
    driver.offer("1")
    driver.offer("2")
    with pytest.raises(BufferFullError, match="at most 2"):
        driver.offer("3")

    driver = Driver(max_events=2, max_batch_events=1, when_full="drop_oldest")
    driver.offer("1")
    batch = driver.request()
    driver.offer("2")
    assert ids(list(driver.offer("3", "news:b"))) == ["2"]
    assert driver.accept(batch) == ["1"]
    assert driver.accept(driver.request()) == ["3"]

    driver = Driver(max_bytes=60)
    driver.offer("1")
    with pytest.raises(BufferFullError):
        driver.offer("2" * 30)


def test_numbers_that_json_cannot_say_are_refused_to_the_caller() -> None:
    with pytest.raises(ValueError):
        encode("t", "1", float("nan"))
    with pytest.raises(TypeError):
        encode("t", "1", object())


@pytest.mark.parametrize("seed", range(100))
def test_each_channel_is_in_the_log_once_and_in_order_through_any_schedule(seed: int) -> None:
    rng = random.Random(seed)
    driver = Driver(max_batch_events=rng.randint(1, 5), linger=rng.choice((0.0, 0.1)))
    log: dict[str, list[int]] = {}
    answered: dict[str, list[str]] = {}
    number, lost = 0, set()
    while number < 60 or len(driver.outbox):
        for _ in range(rng.randint(0, 4) if number < 60 else 0):
            driver.offer(str(number), f"news:{number % 2}")
            number += 1
        if not len(driver.outbox):
            continue
        batch = driver.request()
        names = [e.id for e in batch.events]
        what = rng.choice(("accept", "accept", "lost answer", "lost request", "503", "bad"))
        if what in ("accept", "lost answer"):
            if batch.key not in answered:
                log.setdefault(batch.channel, []).extend(map(int, names))
                answered[batch.key] = names
            assert answered[batch.key] == names, "another body with the same key"
        if what == "accept":
            driver.accept(batch)
        elif what == "503":
            driver.answer(batch, 503)
        elif what == "bad" and batch.key not in answered:
            index = rng.randrange(len(names))
            lost.add(int(names[index]))
            driver.answer(batch, 400, {"errors": [{"field": f"[{index}].data", "message": "bad"}]})
        else:
            driver.outbox.failed(batch, what, driver.now)
    for channel in (0, 1):
        assert log.get(f"news:{channel}", []) == [n for n in range(channel, number, 2) if n not in lost]


def test_what_is_left_can_be_given_up() -> None:
    driver = Driver(max_batch_events=1)
    driver.offer("1")
    driver.offer("2")
    driver.request()
    assert driver.outbox.receipts() == ["1", "2"]
    assert [u.event.id for u in driver.outbox.give_up(PublishError("closed"))] == ["1", "2"]
    assert len(driver.outbox) == 0
