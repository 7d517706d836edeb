"""A source of time series: random walks, told by `SeriesService.Watch` as the contract of Tailrace has it.

It needs nothing of Tailrace but the .proto files, from which it makes the Python classes when it starts.
"""

import argparse
import random
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from concurrent import futures
from pathlib import Path

import grpc

PROTOS = Path(__file__).resolve().parents[2] / "grpc-api" / "src" / "main" / "proto"
CONTRACT = "tailrace/series/v1/series_service.proto"
KEPT = 10_000


def generated(protos: Path):
    """The classes of the contract."""
    with tempfile.TemporaryDirectory(prefix="series-source-") as folder:
        subprocess.run(
            [sys.executable, "-m", "grpc_tools.protoc", f"-I{protos}", f"--python_out={folder}", f"--grpc_python_out={folder}", CONTRACT],
            check=True,
        )
        sys.path.insert(0, folder)
        try:
            from tailrace.series.v1 import series_service_pb2, series_service_pb2_grpc
        finally:
            sys.path.remove(folder)
        return series_service_pb2, series_service_pb2_grpc


class Walk:
    """A random walk above 0, and its last readings: `(time in nanoseconds, value)`, counted from 0 since the start."""

    def __init__(self, name: str, seed: int):
        self.name = name
        self.begin = 0
        self.readings: list[tuple[int, float]] = []
        self.changed = threading.Condition()
        self._random = random.Random(seed)
        self._value = 100.0

    @property
    def end(self) -> int:
        return self.begin + len(self.readings)

    def step(self) -> None:
        with self.changed:
            self._value = max(1.0, self._value + self._random.gauss(0, 1))
            self.readings.append((time.time_ns(), round(self._value, 3)))
            if len(self.readings) > KEPT:
                self.begin += 1
                del self.readings[0]
            self.changed.notify_all()

    def after(self, index: int) -> tuple[int, list[tuple[int, float]]]:
        """The readings from `index` on that are still kept, and the index of the first of them."""
        first = max(index, self.begin)
        return first, self.readings[first - self.begin :]


def ns(timestamp) -> int:
    return timestamp.seconds * 1_000_000_000 + timestamp.nanos


class Source:
    """Answers `Watch`. Its memory ends with the process: then another epoch begins."""

    def __init__(self, messages, walks: list[Walk]):
        self._pb = messages
        self._walks = {walk.name: walk for walk in walks}
        self._process = secrets.token_hex(4)

    def watch(self, request, context):
        walk = self._walks.get(request.metric_id)
        if walk is None:
            context.abort(grpc.StatusCode.NOT_FOUND, "no such metric, expected one of " + ", ".join(self._walks))
        if request.resolution != "raw":
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "resolution: expected raw, this source keeps no windows")
        return Watch(self._pb, self._process, walk, request, context).messages()


class Watch:
    """One call. Each message has the number after that of the one before it, also over a resume: the cursor has it."""

    def __init__(self, messages, process: str, walk: Walk, request, context):
        self._pb = messages
        # It names the numbering, which begins with each call that has no cursor.
        self._epoch = f"{process}-{secrets.token_hex(4)}"
        self._walk = walk
        self._context = context
        self._ended = threading.Event()
        context.add_callback(self._ended.set)
        self._number = 0
        self._interval = ns(request.interval) / 1e9
        self._until = ns(request.to) if request.HasField("to") else None
        self._resumed = False
        cursor = request.cursor.split(".")
        if len(cursor) == 3 and cursor[0].startswith(process + "-"):
            self._epoch = cursor[0]
            self._number, self._index, self._resumed = int(cursor[1]), int(cursor[2]), True
        elif request.HasField("from"):
            start = ns(getattr(request, "from"))
            with walk.changed:
                first, kept = walk.after(0)
            self._index = first + sum(at < start for at, _ in kept)
        else:
            self._index = walk.end

    def messages(self):
        pb = self._pb
        metric = pb.Metric(id=self._walk.name, name=self._walk.name)
        yield self._message(started=pb.WatchStarted(metric=metric, resolution="raw", epoch=self._epoch, resumed=self._resumed))
        caught_up = False
        while self._context.is_active():
            with self._walk.changed:
                first, kept = self._walk.after(self._index)
                if not kept and caught_up:
                    self._walk.changed.wait(timeout=0.5)
                    continue
                head = self._walk.end
            if first > self._index:
                self._index = first
                yield self._message(gap=pb.WatchGap(reason=f"This source keeps {KEPT} readings of a metric"))
            passed_over = 0
            if caught_up and self._interval > 0:
                passed_over = len(kept) - 1
                kept = kept[-1:]
                self._index += passed_over
            for at, value in kept:
                if self._until is not None and at >= self._until:
                    return
                self._index += 1
                yield self._point(at, value, passed_over)
            if not caught_up and self._index >= head:
                caught_up = True
                yield self._message(caught_up=pb.WatchCaughtUp())
            elif self._interval > 0:
                self._ended.wait(self._interval)

    def _point(self, at: int, value: float, passed_over: int):
        point = self._pb.Point(count=1, sum=value, min=value, max=value, mean=value, first=value, last=value)
        point.time.seconds, point.time.nanos = divmod(at, 1_000_000_000)
        point.last_at.CopyFrom(point.time)
        return self._message(point=point, conflated=passed_over)

    def _message(self, **event):
        self._number += 1
        cursor = f"{self._epoch}.{self._number}.{self._index}"
        return self._pb.WatchResponse(sequence=self._number, cursor=cursor, **event)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--host", default="localhost", help="where it listens")
    arguments.add_argument("--port", type=int, default=50051, help="0 for any that is free")
    arguments.add_argument("--metrics", type=int, default=3, help="how many walks: walk-1, walk-2, …")
    arguments.add_argument("--rate", type=float, default=2.0, help="readings of each in a second")
    arguments.add_argument("--protos", type=Path, default=PROTOS, help="the folder of the .proto files")
    options = arguments.parse_args()

    messages, services = generated(options.protos)
    walks = [Walk(f"walk-{n}", seed=n) for n in range(1, options.metrics + 1)]
    source = Source(messages, walks)

    class Service(services.SeriesServiceServicer):
        def Watch(self, request, context):
            return source.watch(request, context)

    # A thread for each call that is open.
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=64), maximum_concurrent_rpcs=64)
    services.add_SeriesServiceServicer_to_server(Service(), server)
    port = server.add_insecure_port(f"{options.host}:{options.port}")
    server.start()
    print(f"listening at {options.host}:{port}", flush=True)
    while True:
        for walk in walks:
            walk.step()
        time.sleep(1 / options.rate)


if __name__ == "__main__":
    main()
