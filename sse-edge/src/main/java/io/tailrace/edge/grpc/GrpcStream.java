package io.tailrace.edge.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.control.OpenStream;
import io.tailrace.edge.control.OpenStreams;
import io.tailrace.edge.http.SlotHolder;
import io.tailrace.edge.http.StreamService;
import io.tailrace.edge.loop.EdgeLoop;
import io.tailrace.edge.stream.CloseReason;
import io.tailrace.edge.stream.EventStream;
import io.tailrace.edge.stream.StreamPlan;
import io.tailrace.edge.stream.StreamSink;
import io.tailrace.kit.time.MonotonicTime;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The call of a stream, once it is granted: the sink of its stream. What the stream appends between two flushes goes to the method's
 * {@link Responses}. The call is used on the event loop of its stream only; what gRPC has to say comes on a thread of gRPC and is handed over.
 *
 * <p>gRPC tells of what it holds for a client only whether it is less than a threshold. The threshold is one byte, so {@code isReady}
 * says that everything was handed to the network, and until it does, everything that was sent since it last did counts as held.
 */
final class GrpcStream implements StreamSink, SlotHolder, Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcStream.class);

    /** A buffer that has grown beyond this is not kept. */
    private static final int KEPT_BYTES = 4 << 10;

    private static final byte[] NONE = {};

    private final ServerCall<?, ResponseBytes> call;
    private final EdgeLoop loop;
    private final StreamService service;
    private final OpenStreams streams;
    private final EdgeSettings settings;
    private final int highWaterBytes;
    private final @Nullable String address;
    private final AtomicBoolean released = new AtomicBoolean();
    private Responses responses = new FrameResponses();
    private byte[] buffer = NONE;
    private int length;
    private long sentBytes;
    private @Nullable EventStream stream;
    private @Nullable OpenStream listed;
    private @Nullable CloseReason reason;
    private @Nullable Future<?> closing;
    private boolean gone;
    private boolean ended;
    private boolean finished;

    GrpcStream(
            ServerCall<?, ResponseBytes> call,
            EdgeLoop loop,
            StreamService service,
            OpenStreams streams,
            EdgeSettings settings,
            int highWaterBytes,
            @Nullable String address) {
        this.call = call;
        this.loop = loop;
        this.service = service;
        this.streams = streams;
        this.settings = settings;
        this.highWaterBytes = highWaterBytes;
        this.address = address;
    }

    @Override
    public @Nullable String address() {
        return address;
    }

    /**
     * Opens the stream, unless its client has gone meanwhile. May be called from any thread.
     *
     * @param form what is sent of what the stream appends
     */
    void open(StreamService.Granted granted, Responses form, SocketAddress remote) {
        StreamPlan plan = granted.plan();
        onLoop(() -> {
            if (gone || ended) {
                return;
            }
            responses = form;
            call.setOnReadyThreshold(1);
            call.sendHeaders(new Metadata());
            if (!guarded(() -> form.begin(this))) {
                return;
            }
            EventStream opened = loop.streams().open(plan, this, MonotonicTime.nowMs());
            stream = opened;
            OpenStream open = new OpenStream(opened, loop, plan.mode(), granted.subject(), remote, Instant.now());
            listed = open;
            streams.add(open);
            if (granted.isVoid().getAsBoolean()) {
                // Revoked before it was in the list, where the revocation looked for it.
                loop.streams().close(opened, CloseReason.ADMIN);
            }
            loop.requestTurn();
        });
    }

    /** Ends the call before its stream is opened. May be called from any thread. */
    void refuse(Status status, Metadata trailers) {
        onLoop(() -> {
            if (!ended && !gone) {
                ended = true;
                call.close(status, trailers);
            }
        });
    }

    /** Everything that was sent is on its way. May be called from any thread. */
    void ready() {
        onLoop(() -> {
            EventStream open = stream;
            if (open != null) {
                if (guarded(responses::ready)) {
                    wake();
                }
            } else if (closing != null && heldBytes() == 0) {
                end();
            }
        });
    }

    /** The call is over, because its client wanted that or got everything. May be called from any thread. */
    void over() {
        release();
        onLoop(() -> {
            gone = true;
            length = 0;
            buffer = NONE;
            Future<?> waiting = closing;
            if (waiting != null) {
                waiting.cancel(false);
            }
            unlist();
            responses.end();
            leave();
        });
    }

    @Override
    public void closeAsOldest() {
        onLoop(() -> {
            EventStream open = stream;
            if (open != null) {
                loop.streams().close(open, CloseReason.OVERLOADED);
                loop.requestTurn();
            } else if (closing == null) {
                // Not opened yet.
                reason = CloseReason.OVERLOADED;
                end();
            }
        });
    }

    @Override
    public boolean isWritable() {
        return hasRoom() && responses.hasRoom();
    }

    @Override
    public boolean hasRoom() {
        return heldBytes() + length < highWaterBytes;
    }

    @Override
    public void append(byte[] bytes, int from, int count) {
        if (gone) {
            return;
        }
        if (count > buffer.length - length) {
            buffer = Arrays.copyOf(buffer, Math.max(length + count, Math.max(512, buffer.length * 2)));
        }
        System.arraycopy(bytes, from, buffer, length, count);
        length += count;
    }

    @Override
    public void flush() {
        if (length == 0 || gone) {
            return;
        }
        int count = length;
        length = 0;
        responses.frames(buffer, count);
        if (buffer.length > KEPT_BYTES) {
            buffer = NONE;
        }
    }

    @Override
    public void send(byte[] response, int count) {
        if (!gone && !ended) {
            sentBytes = heldBytes() + count;
            call.sendMessage(new ResponseBytes(response, count));
        }
    }

    @Override
    public boolean isDone() {
        EventStream open = stream;
        return open != null && length == 0 && heldBytes() == 0 && loop.streams().isLive(open);
    }

    @Override
    public void wake() {
        EventStream open = stream;
        if (open != null) {
            loop.streams().onWritable(open);
            loop.requestTurn();
        }
    }

    @Override
    public void finish() {
        finished = true;
        leave();
        close();
    }

    @Override
    public Future<?> after(long delayMs, Runnable task) {
        return loop.executor()
                .schedule(
                        () -> {
                            if (stream != null && !gone && !ended) {
                                task.run();
                            }
                        },
                        delayMs,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public long unsentBytes() {
        return pendingBytes() + responses.keptBytes();
    }

    @Override
    public long pendingBytes() {
        return gone || ended ? 0 : heldBytes() + length;
    }

    @Override
    public void ending(CloseReason why) {
        reason = why;
    }

    @Override
    public void close() {
        stream = null;
        unlist();
        if (gone || ended) {
            return;
        }
        flush();
        responses.end();
        if (heldBytes() == 0) {
            end();
            return;
        }
        // A client that reads gets the last frames before the status; one that does not gets neither.
        closing = loop.executor().schedule(this::reset, settings.closeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What gRPC holds for the client. */
    private long heldBytes() {
        if (sentBytes > 0 && call.isReady()) {
            sentBytes = 0;
        }
        return sentBytes;
    }

    private void end() {
        if (!ended && !gone) {
            ended = true;
            Future<?> waiting = closing;
            if (waiting != null) {
                waiting.cancel(false);
            }
            call.close(status(), new Metadata());
        }
    }

    private void reset() {
        if (!ended && !gone) {
            ended = true;
            Status untaken = Status.UNAVAILABLE.withDescription("the last responses were not taken");
            call.sendMessage(ResponseBytes.reset((finished ? untaken : status()).asRuntimeException()));
        }
    }

    private Status status() {
        if (finished) {
            return Status.OK;
        }
        CloseReason why = reason;
        if (why == null) {
            return Status.UNAVAILABLE.withDescription("the stream was cut, come back with the last cursor");
        }
        return switch (why) {
            case TOKEN_EXPIRED -> Status.UNAUTHENTICATED.withDescription("the token has expired");
            case NO_CHANNELS -> Status.FAILED_PRECONDITION.withDescription("no channel is left that may be read");
            case DRAINING, OVERLOADED, STALLED, UNANSWERED, ADMIN ->
                Status.UNAVAILABLE.withDescription(why.text() + ": come back with the last cursor");
        };
    }

    /** Runs what is outside of the core's guard; after a fault the call is over, and false is returned. */
    private boolean guarded(Runnable task) {
        try {
            task.run();
            return true;
        } catch (RuntimeException e) {
            LOG.error("a stream over gRPC failed", e);
            unlist();
            responses.end();
            leave();
            if (!ended && !gone) {
                ended = true;
                call.sendMessage(ResponseBytes.reset(
                        Status.INTERNAL.withDescription("a fault of the server").asRuntimeException()));
            }
            return false;
        }
    }

    /** The stream is forgotten; its sink is not called any more. */
    private void leave() {
        EventStream open = stream;
        if (open != null) {
            stream = null;
            loop.streams().onDisconnected(open);
            loop.requestTurn();
        }
    }

    private void release() {
        if (released.compareAndSet(false, true)) {
            service.release(this);
        }
    }

    private void unlist() {
        OpenStream open = listed;
        if (open != null) {
            listed = null;
            streams.remove(open);
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.executor().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("event loop {} has ended", loop.index(), e);
        }
    }
}
