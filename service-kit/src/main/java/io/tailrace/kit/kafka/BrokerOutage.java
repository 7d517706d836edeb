package io.tailrace.kit.kafka;

import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Tells failures that pass when the brokers, or the name server that knows them, are back from those that need a person. Pure. */
public final class BrokerOutage {
    private static final int MAX_DEPTH = 20;

    /** Kafka says so by the exception that it has for wrong settings, and by this text alone. */
    private static final String UNRESOLVED = "No resolvable bootstrap urls";

    private BrokerOutage() {}

    /** Whether {@code failure} comes from brokers that did not answer, or from names that did not resolve. */
    public static boolean isCauseOf(Throwable failure) {
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (isOutage(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isOutage(Throwable cause) {
        return cause instanceof RetriableException
                || cause instanceof TimeoutException
                || cause instanceof UnknownHostException
                || cause instanceof ConfigException
                        && String.valueOf(cause.getMessage()).contains(UNRESOLVED);
    }
}
