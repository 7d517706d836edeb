package io.tailrace.workers.testing;

import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobHandler;
import org.jspecify.annotations.Nullable;

/** A handler that a test writes in place. */
public final class Handler<T> implements JobHandler<T> {
    private final String type;
    private final Class<T> payload;
    private final Body<T> body;

    /** What it does. */
    @FunctionalInterface
    public interface Body<T> {
        /** See {@link JobHandler#run}. */
        @Nullable
        Object run(T payload, JobContext context) throws Exception;
    }

    private Handler(String type, Class<T> payload, Body<T> body) {
        this.type = type;
        this.payload = payload;
        this.body = body;
    }

    /** A handler of a type. */
    public static <T> Handler<T> of(String type, Class<T> payload, Body<T> body) {
        return new Handler<>(type, payload, body);
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public Class<T> payload() {
        return payload;
    }

    @Override
    public @Nullable Object run(T payload, JobContext context) throws Exception {
        return body.run(payload, context);
    }
}
