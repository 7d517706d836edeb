"""Against a real Tailrace: TAILRACE_URL says where it is, TAILRACE_TOKEN has the grants that PythonClientTest gives."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tailrace import (
    AsyncJobs,
    AsyncSSEPublisher,
    AsyncSubscriber,
    AsyncWorker,
    ChannelsRefusedError,
    EnqueueRefusedError,
    Event,
    EventStream,
    GiveUpError,
    HistoryRefusedError,
    Job,
    Jobs,
    PublishRefusedError,
    SSEPublisher,
    Subscriber,
    SubscriptionRefusedError,
    Worker,
)
from tailrace._messages import uuid7

URL = os.environ.get("TAILRACE_URL", "")
TOKEN = os.environ.get("TAILRACE_TOKEN", "")
EXAMPLES = Path(__file__).parent.parent.parent.parent / "examples"
pytestmark = pytest.mark.skipif(not URL, reason="TAILRACE_URL is not set")


@pytest.fixture
def workspace() -> str:
    return f"ws{uuid.uuid4().hex[:12]}"


@pytest.fixture
def sse() -> Iterator[SSEPublisher]:
    with SSEPublisher(gateway_url=URL, service_token=TOKEN, service_name="python-tests") as publisher:
        yield publisher


def test_what_is_published_arrives_once_and_in_order_also_after_resuming(sse: SSEPublisher, workspace: str) -> None:
    channel = f"logs:{workspace}:run"
    cursor: str | None = None
    received: list[int] = []
    for i in range(1200):
        receipt = sse.publish(channel, "row", i)
    last = receipt.result(60)
    while len(received) < 1200:
        with Subscriber(URL, token=TOKEN).events([channel], start="earliest", cursor=cursor) as events:
            for _ in range(400):
                event = next(events)
                received.append(event.data)
            cursor = event.cursor
    assert received == list(range(1200))
    assert event.id == last.id
    with Subscriber(URL, token=TOKEN).events([channel], start="last:1") as events:
        assert next(events).id == last.id
    with Subscriber(URL, token=TOKEN).events([channel], cursor=last.position) as events:
        events.connect()
        sse.publish(channel, "row", "behind the position")
        assert next(events).data == "behind the position"


def test_the_asynchronous_clients_do_the_same(workspace: str) -> None:
    async def main() -> None:
        channel = f"logs:{workspace}:run"
        async with AsyncSSEPublisher(URL, TOKEN, "python-tests") as sse, AsyncSubscriber(URL, token=TOKEN).events(
            [channel]
        ) as events:
            await events.connect()
            for i in range(300):
                sse.publish_log(workspace, "run", {"n": i})
            assert [(await anext(events)).data["n"] for _ in range(300)] == list(range(300))

    asyncio.run(main())


def test_the_shortcuts_publish_in_the_namespaces_of_service_teams(sse: SSEPublisher, workspace: str) -> None:
    sse.publish_workflow(workspace, "wf", {"state": "running"}).result(60)
    sse.publish_alert(workspace, {"text": "late"}).result(60)
    sse.publish_metric(workspace, {"name": "rows", "value": 7}).result(60)
    channels = [f"workflows:{workspace}:wf", f"alerts:{workspace}", f"metrics:{workspace}"]
    with Subscriber(URL, token=TOKEN).events(channels, start="earliest") as events:
        received = {event.channel: event.type for event in (next(events) for _ in channels)}
    assert received == dict(zip(channels, ["workflow", "alert", "metric"], strict=True))
    with pytest.raises(SubscriptionRefusedError, match="401"):
        next(Subscriber(URL).events(channels[2:]))
    with Subscriber(URL).events(["metrics"]) as plain:
        plain.connect()


def test_refusals_are_told_with_the_servers_words(sse: SSEPublisher, workspace: str) -> None:
    with pytest.raises(ChannelsRefusedError) as refused:
        next(Subscriber(URL, token=TOKEN).events(["news:a", "nowhere:x"]))
    assert refused.value.channels == {"nowhere:x": "undeclared-namespace"}
    with Subscriber(URL, token=TOKEN).events(["news:a", "nowhere:x"], refused="skip") as events:
        assert events.connect().channels == ("news:a",)
    with pytest.raises(SubscriptionRefusedError, match="401"):
        next(Subscriber(URL, token="no.good.token").events([f"logs:{workspace}:run"]))
    with pytest.raises(SubscriptionRefusedError, match="invalid-cursor"):
        next(Subscriber(URL).events(["news:a"], cursor="nonsense"))
    with pytest.raises(PublishRefusedError, match="forbidden"):
        sse.publish("user:somebody", "x", 1).result(60)
    good, bad = sse.publish("news:a", "x", 1), sse.publish("news:a", "stream.open", 1)
    with pytest.raises(PublishRefusedError, match="validation"):
        bad.result(60)
    assert good.result(60).position


def test_an_event_is_in_the_log_once_when_its_request_is_sent_twice(workspace: str) -> None:
    channel, key = f"logs:{workspace}:run", uuid7()
    for _ in range(2):
        request = urllib.request.Request(
            f"{URL}/channels/{channel}/events",
            b'{"type": "once", "data": 1}',
            {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", "Idempotency-Key": key},
        )
        assert urllib.request.urlopen(request, timeout=60).status == 202
    with SSEPublisher(URL, TOKEN, "python-tests") as sse:
        sse.publish(channel, "end", 2)
    with Subscriber(URL, token=TOKEN).events([channel], start="earliest") as events:
        assert [next(events).type for _ in range(2)] == ["once", "end"]


def test_the_flask_service_publishes_what_it_does(workspace: str) -> None:
    environment = {**os.environ, "PORT": "0", "PYTHONPATH": "src", "PYTHONUNBUFFERED": "1"}
    program = [sys.executable, str(EXAMPLES / "flask-service" / "app.py")]
    with subprocess.Popen(program, env=environment, stderr=subprocess.PIPE, text=True) as service:
        try:
            assert service.stderr is not None
            lines = iter(service.stderr)
            url = next(found[0] for line in lines if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
            with following(f"logs:{workspace}:nightly") as events:
                request = urllib.request.Request(f"{url}/runs/{workspace}/nightly", b"")
                assert urllib.request.urlopen(request, timeout=60).status == 202
                messages = [next(events).data["message"] for _ in range(3)]
            assert messages == [f"ETL step {step} completed" for step in ("extract", "transform", "load")]
        finally:
            service.terminate()
            service.communicate()


def following(channel: str) -> EventStream[Event]:
    return Subscriber(URL, token=TOKEN).events([channel], start="earliest").connect()


def test_the_quick_start_of_the_readme_runs_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parent.parent / "README.md").read_text()
    publish, subscribe = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[:2]
    for code in (publish + "assert sse.close(60)\n", subscribe + "    break\n"):
        exec(code.replace("http://localhost:8080", URL).replace("…", TOKEN), {})
    assert "logs:workspace123:workflow456 log {" in capsys.readouterr().out


def test_every_block_of_the_curl_page_does_what_the_page_says() -> None:
    page = (EXAMPLES / "curl" / "README.md").read_text()
    script = "\n".join(re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    environment = {**os.environ, "TAILRACE_URL": URL, "TOKEN": TOKEN}
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], env=environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    resumed = ran.stdout[ran.stdout.index("stream.open") :]
    assert re.findall(r'"text":"(\w+)"', resumed)[:2] == ["Second", "Third"]
    assert "unauthorized" in ran.stdout


def test_the_past_is_read_page_by_page_and_goes_over_into_the_stream(sse: SSEPublisher, workspace: str) -> None:
    channel = f"logs:{workspace}:run"
    for i in range(30):
        receipt = sse.publish(channel, "row", i)
    receipt.result(60)
    subscriber = Subscriber(URL, token=TOKEN)
    newest = subscriber.history(channel, limit=10)
    assert [item.data for item in newest.items if isinstance(item, Event)] == list(range(29, 19, -1))
    older = subscriber.history(channel, limit=5, before=newest.next)
    assert [item.data for item in older.items if isinstance(item, Event)] == list(range(19, 14, -1))
    oldest = subscriber.history(channel, limit=3, after="earliest")
    assert [item.data for item in oldest.items if isinstance(item, Event)] == [0, 1, 2]
    with subscriber.follow(channel, last=25) as events:
        received = [next(events).data for _ in range(20)]
        sse.publish(channel, "row", 30)
        while received[-1] != 30:
            received.append(next(events).data)
    # The last 25 of those that the edge had read when the stream began, which may be some moments ago.
    assert received[0] <= 5
    assert received == list(range(received[0], 31))
    with pytest.raises(HistoryRefusedError, match="401"):
        Subscriber(URL).history(channel)


def test_a_job_is_enqueued_once_whatever_is_lost_and_refusals_have_the_servers_words() -> None:
    payload = {"url": "https://example.org/hook", "event": {"name": "tailrace-python"}}
    key = uuid7()
    with Jobs(URL, TOKEN) as jobs:
        first = jobs.enqueue("webhook", payload, delay_seconds=86_400, idempotency_key=key)
        again = jobs.enqueue("webhook", payload, delay_seconds=86_400, idempotency_key=key)
        unique = [jobs.enqueue("webhook", payload, delay_seconds=86_400, unique_key=key) for _ in range(2)]
        with pytest.raises(EnqueueRefusedError, match="expected one of .*webhook"):
            jobs.enqueue("nonsense", payload)
    assert (first.state, first.type, first.created) == ("scheduled", "webhook", True)
    assert again.id == first.id != unique[0].id == unique[1].id
    assert [each.created for each in unique] == [True, False]
    request = urllib.request.Request(f"{URL}/jobs/{first.id}", headers={"Authorization": f"Bearer {TOKEN}"})
    assert json.load(urllib.request.urlopen(request, timeout=60))["payload"] == payload

    async def main() -> None:
        async with AsyncJobs(URL, TOKEN) as jobs:
            assert (await jobs.enqueue("webhook", payload, delay_seconds=86_400, idempotency_key=key)).id == first.id

    asyncio.run(main())


WORKER_PROGRAM = """
import sys
import time

from tailrace import Worker

worker = Worker(sys.argv[1], sys.argv[2], concurrency=1)


@worker.job("py.resize")
def resize(payload, job):
    print("token", job.token, flush=True)
    time.sleep(600)


worker.run()
"""


def the_job(id: str) -> dict[str, Any]:
    request = urllib.request.Request(f"{URL}/jobs/{id}", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        job = json.load(answer)
    assert isinstance(job, dict)
    return job


def until_state(id: str, state: str) -> dict[str, Any]:
    """The job when it is there; bounded by the number of looks, each of which waits for the copy of the log."""
    deadline = time.monotonic() + 120
    while True:
        job = the_job(id)
        if job["state"] == state:
            return job
        assert time.monotonic() < deadline, job
        time.sleep(0.1)


@contextmanager
def working(worker: Worker) -> Iterator[None]:
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(120)
        assert not thread.is_alive()


def test_a_job_whose_worker_is_killed_runs_elsewhere_after_its_lease_and_the_old_outcome_is_refused() -> None:
    with Jobs(URL, TOKEN) as jobs:
        id = jobs.enqueue("py.resize", {"width": 100}).id
    program = [sys.executable, "-c", WORKER_PROGRAM, URL, TOKEN]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent / "src")}
    with subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        try:
            said = killed.stdout.readline()
        finally:
            killed.kill()
    old = int(said.split()[1])

    survivor = Worker(URL, TOKEN)

    @survivor.job("py.resize")
    def resize(payload: Any, job: Job) -> Any:
        job.progress(0.5, "half")
        return {"width": payload["width"], "attempt": job.attempt, "newer": job.token > old}

    with working(survivor):
        done = until_state(id, "succeeded")
    assert done["result"] == {"width": 100, "attempt": 2, "newer": True}
    assert done["attempts"][0]["error"]["type"] == "lease_expired"
    body = json.dumps({"token": old, "outcome": "succeeded", "result": "late"}).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    late = urllib.request.Request(f"{URL}/jobs/leases/{id}/outcome", body, headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(late, timeout=60)
    assert refused.value.code == 409
    refused.value.close()
    assert the_job(id)["result"] == done["result"]


def test_a_running_job_is_cancelled_and_one_whose_handler_gives_up_is_dead() -> None:
    started, reasons = threading.Event(), []
    worker = Worker(URL, TOKEN, concurrency=2)

    @worker.job("py.waits")
    def waits(payload: Any, job: Job) -> None:
        started.set()
        job.stopped.wait(120)
        reasons.append(job.stop_reason)
        job.check()

    @worker.job("py.fails")
    def fails(payload: Any, job: Job) -> None:
        raise GiveUpError("there is no such image", type="no_image")

    with Jobs(URL, TOKEN) as jobs, working(worker):
        waiting, failing = jobs.enqueue("py.waits", None).id, jobs.enqueue("py.fails", 1).id
        dead = until_state(failing, "dead")
        assert started.wait(120)
        request = urllib.request.Request(
            f"{URL}/jobs/{waiting}/cancel", headers={"Authorization": f"Bearer {TOKEN}"}, method="POST"
        )
        urllib.request.urlopen(request, timeout=60).close()
        deadline = time.monotonic() + 120
        while not reasons:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert reasons == ["cancelled"]
    assert (dead["last_error"]["type"], dead["attempt"]) == ("no_image", 1)


def test_the_asynchronous_worker_runs_jobs_too() -> None:
    async def main() -> None:
        worker = AsyncWorker(URL, TOKEN)

        @worker.job("py.waits")
        async def waits(payload: Any, job: Job) -> Any:
            return payload + 1

        running = asyncio.create_task(worker.run())
        async with AsyncJobs(URL, TOKEN) as jobs:
            enqueued = await jobs.enqueue("py.waits", 41)
        assert (await asyncio.to_thread(until_state, enqueued.id, "succeeded"))["result"] == 42
        worker.stop()
        await asyncio.wait_for(running, 120)

    asyncio.run(main())
