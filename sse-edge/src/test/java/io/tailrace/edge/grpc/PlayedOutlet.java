package io.tailrace.edge.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tailrace.grpc.series.v1.WatchResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Takes responses of {@code Watch}, as many as it has room for. */
final class PlayedOutlet implements Outlet {
    final List<WatchResponse> sent = new ArrayList<>();
    final List<Runnable> later = new ArrayList<>();
    int room = Integer.MAX_VALUE;
    int woken;
    boolean finished;
    boolean done = true;
    final List<Future<?>> timers = new ArrayList<>();

    @Override
    public boolean hasRoom() {
        return room > 0;
    }

    @Override
    public void send(byte[] response, int length) {
        room--;
        try {
            sent.add(WatchResponse.parseFrom(Arrays.copyOf(response, length)));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void wake() {
        woken++;
    }

    @Override
    public void finish() {
        finished = true;
    }

    @Override
    public Future<?> after(long delayMs, Runnable task) {
        later.add(task);
        Future<?> timer = new CompletableFuture<>();
        timers.add(timer);
        return timer;
    }

    /** Does what is due later. */
    void runLater() {
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
    }
}
