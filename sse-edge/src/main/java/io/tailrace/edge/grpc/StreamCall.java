package io.tailrace.edge.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A call with one request and the stream that answers it. gRPC calls its methods one at a time; the stream may be opened by
 * another thread, so subclasses lock this object while they decide whether to open it.
 *
 * @param <Q> the request
 */
abstract class StreamCall<Q> extends ServerCall.Listener<Q> {
    private final ServerCall<Q, ResponseBytes> call;
    private @Nullable Q request;
    private boolean many;
    private @Nullable GrpcStream stream;
    private boolean over;

    StreamCall(ServerCall<Q, ResponseBytes> call) {
        this.call = call;
    }

    /** The one request has arrived. */
    abstract void begin(Q asked);

    /** The call is over. Releases what the call holds beside its stream; called before the stream ends. */
    abstract void release();

    @Override
    public final void onMessage(Q message) {
        many = request != null;
        request = message;
    }

    @Override
    public final void onHalfClose() {
        Q asked = request;
        if (asked == null || many) {
            call.close(Status.INVALID_ARGUMENT.withDescription("expected one request"), new Metadata());
        } else {
            begin(asked);
        }
    }

    @Override
    public final void onReady() {
        GrpcStream open = opened();
        if (open != null) {
            open.ready();
        }
    }

    @Override
    public final void onCancel() {
        end();
    }

    @Override
    public final void onComplete() {
        end();
    }

    private void end() {
        GrpcStream open;
        synchronized (this) {
            over = true;
            open = stream;
        }
        release();
        if (open != null) {
            open.over();
        }
    }

    final ServerCall<Q, ResponseBytes> call() {
        return call;
    }

    /** Notes the stream that answers the call. */
    final synchronized void opens(GrpcStream opening) {
        stream = opening;
    }

    /** The stream that answers the call, once there is one. */
    final synchronized @Nullable GrpcStream opened() {
        return stream;
    }

    final synchronized boolean isOver() {
        return over;
    }
}
