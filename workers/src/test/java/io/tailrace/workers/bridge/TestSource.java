package io.tailrace.workers.bridge;

import com.google.protobuf.Timestamp;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tailrace.grpc.series.v1.Metric;
import io.tailrace.grpc.series.v1.Point;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.grpc.series.v1.WatchCaughtUp;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.grpc.series.v1.WatchResponse;
import io.tailrace.grpc.series.v1.WatchStarted;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A source of one metric, {@value #METRIC}: a real gRPC server that implements {@code Watch} strictly as the contract says. Every message of
 * a call has a number, the first one, too, and goes on behind the cursor. On demand it sends messages in another order and again, cuts all
 * calls, and forgets everything. Thread-safe.
 */
final class TestSource extends SeriesServiceGrpc.SeriesServiceImplBase implements AutoCloseable {
    static final String METRIC = "room";
    private static final int REORDERED = 4;

    private final Random random;
    private final ServerCredentials credentials;
    private final int port;
    private volatile Server server;
    private final List<Instant> made = new ArrayList<>();
    private final List<Instant> remembered = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Metadata> headers = new CopyOnWriteArrayList<>();
    private final List<WatchRequest> requests = new CopyOnWriteArrayList<>();
    private int epoch;
    private int forgotten;
    private boolean disorder;
    private boolean silent;
    private String unit = "°C";
    private @Nullable Status refusal;

    /** One call: what it has sent, and what it has held back to send it later. */
    private static final class Call {
        private final ServerCallStreamObserver<WatchResponse> client;
        private final List<WatchResponse> held = new ArrayList<>();
        private long number;

        Call(ServerCallStreamObserver<WatchResponse> client, long number) {
            this.client = client;
            this.number = number;
        }
    }

    /** A source in clear text. */
    static TestSource start(long seed) throws IOException {
        return new TestSource(seed, InsecureServerCredentials.create());
    }

    TestSource(long seed, ServerCredentials credentials) throws IOException {
        this.random = new Random(seed);
        this.credentials = credentials;
        this.server = listen(0);
        this.port = server.getPort();
    }

    private Server listen(int at) throws IOException {
        return Grpc.newServerBuilderForPort(at, credentials)
                .addService(this)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
                        headers.add(metadata);
                        return next.startCall(call, metadata);
                    }
                })
                .build()
                .start();
    }

    int port() {
        return port;
    }

    /** Whether messages come in another order and again from now on. */
    synchronized void disorder(boolean on) {
        disorder = on;
    }

    /** Answers further calls so; null for as usual. */
    synchronized void refuse(@Nullable Status status) {
        refusal = status;
    }

    /** Whether further calls are accepted and not answered. */
    synchronized void silent(boolean on) {
        silent = on;
    }

    /** The unit that further calls say. */
    synchronized void unit(String text) {
        unit = text;
    }

    /** The metadata of all calls so far. */
    List<Metadata> headers() {
        return headers;
    }

    /** The requests of all calls so far. */
    List<WatchRequest> requests() {
        return requests;
    }

    /** The times of all readings that were ever made; the value is their number. */
    synchronized List<Instant> made() {
        return List.copyOf(made);
    }

    /** Makes a reading, and sends it to whoever watches. */
    void make() {
        makeAt(Instant.ofEpochMilli(System.currentTimeMillis()));
    }

    /** The same for a reading of that time, to the millisecond, or just after the one before it. */
    synchronized void makeAt(Instant time) {
        Instant at = time.truncatedTo(ChronoUnit.MILLIS);
        if (!made.isEmpty() && !at.isAfter(made.getLast())) {
            at = made.getLast().plusMillis(1);
        }
        made.add(at);
        remembered.add(at);
        calls.forEach(call -> point(call, remembered.size()));
    }

    /** Sends what was held back. */
    synchronized void flush() {
        calls.forEach(this::release);
    }

    /** Ends all calls, as a process that is killed does. */
    synchronized void cut() {
        calls.forEach(call -> call.client.onError(Status.UNAVAILABLE.asRuntimeException()));
        calls.clear();
    }

    /** Ends the server with all of its connections, as the death of its process does; {@link #startAgain} starts it at the same port. */
    void kill() {
        close();
        synchronized (this) {
            calls.clear();
        }
    }

    /** Starts the killed server at the port that it had. */
    void startAgain() throws IOException {
        server = listen(port);
    }

    /** Restarts it without anything that it knew. */
    synchronized void forget() {
        cut();
        epoch++;
        forgotten += remembered.size();
        remembered.clear();
    }

    @Override
    public synchronized void watch(WatchRequest request, StreamObserver<WatchResponse> observer) {
        requests.add(request);
        if (refusal != null || !request.getMetricId().equals(METRIC)) {
            observer.onError((refusal != null ? refusal : Status.NOT_FOUND.withDescription("there is no such metric"))
                    .asRuntimeException());
            return;
        }
        if (silent) {
            return;
        }
        String[] cursor = request.getCursor().split(":", -1);
        boolean resumed = cursor.length == 3 && cursor[0].equals("e" + epoch);
        int behind = resumed ? Integer.parseInt(cursor[2]) : 0;
        ServerCallStreamObserver<WatchResponse> client = (ServerCallStreamObserver<WatchResponse>) observer;
        Call call = new Call(client, resumed ? Long.parseLong(cursor[1]) : 0);
        client.setOnCancelHandler(() -> remove(call));
        send(
                call,
                behind,
                WatchResponse.newBuilder()
                        .setStarted(WatchStarted.newBuilder()
                                .setMetric(Metric.newBuilder()
                                        .setId(METRIC)
                                        .setName(METRIC)
                                        .setUnit(unit))
                                .setResolution(request.getResolution())
                                .setEpoch("e" + epoch)
                                .setResumed(resumed)));
        release(call);
        for (int n = behind + 1; n <= remembered.size(); n++) {
            Instant at = remembered.get(n - 1);
            boolean wanted = resumed
                    || !request.hasFrom()
                    || !at.isBefore(Instant.ofEpochSecond(
                            request.getFrom().getSeconds(), request.getFrom().getNanos()));
            if (wanted) {
                point(call, n);
            }
        }
        send(call, remembered.size(), WatchResponse.newBuilder().setCaughtUp(WatchCaughtUp.getDefaultInstance()));
        calls.add(call);
    }

    private synchronized void remove(Call call) {
        calls.remove(call);
    }

    private void point(Call call, int n) {
        Instant at = remembered.get(n - 1);
        send(
                call,
                n,
                WatchResponse.newBuilder()
                        .setPoint(Point.newBuilder()
                                .setTime(Timestamp.newBuilder()
                                        .setSeconds(at.getEpochSecond())
                                        .setNanos(at.getNano()))
                                .setCount(1)
                                .setLast(forgotten + n)));
    }

    private void send(Call call, int behind, WatchResponse.Builder event) {
        call.number++;
        call.held.add(event.setSequence(call.number)
                .setCursor("e" + epoch + ":" + call.number + ":" + behind)
                .build());
        while (call.held.size() > (disorder ? REORDERED : 0)) {
            WatchResponse next = call.held.remove(disorder ? random.nextInt(call.held.size()) : 0);
            call.client.onNext(next);
            if (disorder && random.nextInt(5) == 0) {
                call.client.onNext(next);
            }
            if (disorder
                    && call.held.size() == REORDERED
                    && call.number - call.held.getFirst().getSequence() > 2 * REORDERED) {
                call.client.onNext(call.held.removeFirst());
            }
        }
    }

    private void release(Call call) {
        call.held.forEach(call.client::onNext);
        call.held.clear();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            boolean unused = server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
