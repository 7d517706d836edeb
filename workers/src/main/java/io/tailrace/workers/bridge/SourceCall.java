package io.tailrace.workers.bridge;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.grpc.series.v1.WatchResponse;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call of {@code Watch}. It asks for as many messages as may be ahead of whoever takes them, and for the next one when one was taken, so
 * the source is held up by flow control. Taking is for one thread.
 */
final class SourceCall implements AutoCloseable {
    private final ClientCall<WatchRequest, WatchResponse> call;

    /** As long as what was asked for and not taken, and the end. */
    private final LinkedBlockingQueue<Arrival> arrived = new LinkedBlockingQueue<>();

    /** What came: a message, or the end of the call. */
    sealed interface Arrival {}

    /** A message. */
    record Message(WatchResponse response) implements Arrival {}

    /** The call is over, and nothing comes any more. */
    record End(Status status) implements Arrival {}

    private SourceCall(ClientCall<WatchRequest, WatchResponse> call) {
        this.call = call;
    }

    /**
     * Begins a call.
     *
     * @param ahead how many messages the source may send before the first one is taken
     */
    static SourceCall begin(Channel channel, Metadata headers, WatchRequest request, int ahead) {
        SourceCall begun = new SourceCall(channel.newCall(SeriesServiceGrpc.getWatchMethod(), CallOptions.DEFAULT));
        begun.call.start(begun.new Listener(), headers);
        begun.call.sendMessage(request);
        begun.call.halfClose();
        begun.call.request(ahead);
        return begun;
    }

    private final class Listener extends ClientCall.Listener<WatchResponse> {
        @Override
        public void onMessage(WatchResponse response) {
            arrived.add(new Message(response));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            arrived.add(new End(status));
        }
    }

    /** What comes next, or null if nothing comes in time. */
    @Nullable
    Arrival take(long waitMs) throws InterruptedException {
        Arrival next = arrived.poll(waitMs, TimeUnit.MILLISECONDS);
        if (next instanceof Message) {
            call.request(1);
        }
        return next;
    }

    @Override
    public void close() {
        call.cancel("the bridge goes on with another call", null);
    }
}
