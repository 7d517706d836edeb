package io.tailrace.ingest.metric;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tailrace.grpc.series.v1.PublishRequest;
import io.tailrace.grpc.series.v1.PublishResponse;
import io.tailrace.grpc.series.v1.Reading;
import io.tailrace.kit.grpc.CallMetadata;
import io.tailrace.kit.grpc.ProblemStatus;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of {@code SeriesService.Publish}. One request is worked on at a time, and the next one is asked for when the one before has its
 * answer and the client takes answers, so a call holds at most one request and what gRPC buffers of answers, and a thread only while it
 * works. The caller is verified before the first request is taken and again for each, because a key or an account can be revoked while the
 * call is open. Thread-safe.
 */
final class ReadingCall extends ServerCall.Listener<PublishRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(ReadingCall.class);
    private static final int MAX_CLIENT_ID = 128;

    private final ServerCall<PublishRequest, PublishResponse> call;
    private final PublishReadings service;
    private final CallMetadata metadata;

    /** These belong to the one request that is worked on. */
    private String client = "";

    private long lastSequence;
    private boolean any;

    private boolean working;
    private boolean halfClosed;
    private boolean closed;

    /** The next request is asked for when the client has taken answers. */
    private boolean waiting;

    ReadingCall(ServerCall<PublishRequest, PublishResponse> call, PublishReadings service, CallMetadata metadata) {
        this.call = call;
        this.service = service;
        this.metadata = metadata;
    }

    /** Asks for the first request if the caller is one who may send any. */
    ReadingCall begin() {
        synchronized (this) {
            working = true;
        }
        service.executor()
                .execute(() -> attempt(() -> {
                    var unused = service.caller(metadata);
                    begun();
                }));
        return this;
    }

    @Override
    public void onMessage(PublishRequest request) {
        synchronized (this) {
            working = true;
        }
        service.executor().execute(() -> attempt(() -> answered(answer(request))));
    }

    @Override
    public synchronized void onReady() {
        if (waiting && !closed) {
            waiting = false;
            call.request(1);
        }
    }

    @Override
    public synchronized void onHalfClose() {
        halfClosed = true;
        if (!working) {
            close(Status.OK, new Metadata());
        }
    }

    @Override
    public synchronized void onCancel() {
        closed = true;
    }

    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (ProblemException e) {
            refuse(ProblemStatus.of(e));
        } catch (RuntimeException | Error e) {
            LOG.error("a fault while writing readings", e);
            refuse(ProblemStatus.of(new ProblemException(ProblemType.INTERNAL, null)));
        }
    }

    private PublishResponse answer(PublishRequest request) {
        Caller caller = service.caller(metadata);
        name(request.getClientId());
        List<Reading> readings = request.getReadingsList();
        if (readings.isEmpty() || readings.size() > ReadingBatch.MAX_READINGS) {
            throw ProblemException.invalid(
                    "readings", readings.size() + " readings, expected 1 to " + ReadingBatch.MAX_READINGS);
        }
        for (int i = 0; i < readings.size(); i++) {
            number(readings.get(i).getSequence(), i);
        }
        return service.write(caller, metadata, client, readings);
    }

    private void name(String id) {
        if (id.isEmpty() && !client.isEmpty()) {
            return;
        }
        boolean valid = !id.isEmpty()
                && id.length() <= MAX_CLIENT_ID
                && id.chars().allMatch(c -> c > ' ' && c < 0x7f)
                && (client.isEmpty() || client.equals(id));
        if (!valid) {
            throw ProblemException.invalid(
                    "client_id",
                    "expected 1 to " + MAX_CLIENT_ID + " visible ASCII characters, the same for the whole call");
        }
        client = id;
    }

    private void number(long sequence, int index) {
        if (any && Long.compareUnsigned(sequence, lastSequence) <= 0) {
            throw ProblemException.invalid(
                    "readings[" + index + "].sequence",
                    Long.toUnsignedString(sequence) + ", expected above " + Long.toUnsignedString(lastSequence));
        }
        any = true;
        lastSequence = sequence;
    }

    private synchronized void begun() {
        if (!closed) {
            call.sendHeaders(new Metadata());
            goOn();
        }
    }

    private synchronized void answered(PublishResponse response) {
        if (!closed) {
            call.sendMessage(response);
            goOn();
        }
    }

    private void goOn() {
        working = false;
        if (halfClosed) {
            close(Status.OK, new Metadata());
        } else if (call.isReady()) {
            call.request(1);
        } else {
            waiting = true;
        }
    }

    private synchronized void refuse(StatusRuntimeException status) {
        working = false;
        Metadata trailers = status.getTrailers();
        close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private void close(Status status, Metadata trailers) {
        if (!closed) {
            closed = true;
            call.close(status, trailers);
        }
    }
}
