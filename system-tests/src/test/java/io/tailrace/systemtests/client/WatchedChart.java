package io.tailrace.systemtests.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.tailrace.grpc.series.v1.Point;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.grpc.series.v1.WatchResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a client of {@code SeriesService.Watch} shows, over all of its calls: each goes on behind the last message of those before. It notes a message
 * that is missing or comes twice, and a state of a window that is not newer than the one before. Thread-safe.
 */
public final class WatchedChart implements AutoCloseable {
    private final WatchRequest request;
    private final Map<String, Point> shown = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private long sequence;
    private String cursor = "";
    private String epoch = "";
    private boolean resumed;
    private int calls;
    private @Nullable Status lastEnd;
    private boolean away;
    private @Nullable ManagedChannel over;
    private @Nullable ClientCall<WatchRequest, WatchResponse> call;

    /** Of a request without a cursor. */
    public WatchedChart(WatchRequest request) {
        this.request = request;
    }

    /** The status with which a call is refused. */
    public static Status refusal(ManagedChannel connection, WatchRequest request, Duration limit)
            throws InterruptedException {
        CompletableFuture<Status> ended = new CompletableFuture<>();
        ClientCall<WatchRequest, WatchResponse> call =
                connection.newCall(SeriesServiceGrpc.getWatchMethod(), CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(WatchResponse response) {
                        ended.complete(Status.OK.withDescription("not refused: " + response));
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.complete(status);
                    }
                },
                new Metadata());
        call.sendMessage(request);
        call.halfClose();
        call.request(1);
        try {
            return ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the call has not ended", e);
        } finally {
            call.cancel("the test has what it wanted", null);
        }
    }

    /** Goes on where it was, over this connection. What still comes of the call before is not looked at. */
    public synchronized void goOn(ManagedChannel connection) {
        cut("cut");
        ClientCall<WatchRequest, WatchResponse> opened =
                connection.newCall(SeriesServiceGrpc.getWatchMethod(), CallOptions.DEFAULT);
        over = connection;
        call = opened;
        away = false;
        calls++;
        opened.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(WatchResponse response) {
                        received(opened, response);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        closed(opened, status);
                    }
                },
                new Metadata());
        opened.sendMessage(request.toBuilder().setCursor(cursor).build());
        opened.halfClose();
        opened.request(Integer.MAX_VALUE);
    }

    /** Goes on over the same connection if the call has ended with UNAVAILABLE, as a client should. */
    public synchronized void comeBack() {
        ManagedChannel same = over;
        if (away && same != null) {
            goOn(same);
        }
    }

    /** The resolution that it was asked for. */
    public String resolution() {
        return request.getResolution();
    }

    /** The latest point of each window with readings, by its time. */
    public synchronized Map<String, Point> shown() {
        return new TreeMap<>(shown);
    }

    /** What should not have come. */
    public synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** The name of the numbering that the latest call has told. */
    public synchronized String epoch() {
        return epoch;
    }

    /** Whether the latest call has gone on behind the cursor. */
    public synchronized boolean wasResumed() {
        return resumed;
    }

    @Override
    public synchronized void close() {
        cut("the test has what it wanted");
    }

    @Override
    public synchronized String toString() {
        return "after " + calls + " calls and message " + sequence + ", the last end of a call being " + lastEnd + ": "
                + shown;
    }

    private void cut(String why) {
        ClientCall<WatchRequest, WatchResponse> open = call;
        call = null;
        if (open != null) {
            open.cancel(why, null);
        }
    }

    private synchronized void received(ClientCall<WatchRequest, WatchResponse> of, WatchResponse response) {
        if (of != call) {
            return;
        }
        if (response.getSequence() != sequence + 1 || response.hasGap()) {
            faults.add("after " + sequence + ": " + response);
        }
        sequence = response.getSequence();
        cursor = response.getCursor();
        if (response.hasStarted()) {
            epoch = response.getStarted().getEpoch();
            resumed = response.getStarted().getResumed();
        }
        Point point = response.getPoint();
        if (point.getCount() > 0) {
            Point before = shown.put(
                    Instant.ofEpochSecond(point.getTime().getSeconds()).toString(), point);
            if (before != null && before.getCount() >= point.getCount()) {
                faults.add("a state that is not newer than " + before + ": " + response);
            }
        }
    }

    private synchronized void closed(ClientCall<WatchRequest, WatchResponse> of, Status status) {
        if (of != call) {
            return;
        }
        lastEnd = status;
        if (status.getCode() == Status.Code.UNAVAILABLE) {
            away = true;
        } else {
            faults.add("ended with " + status);
        }
    }
}
