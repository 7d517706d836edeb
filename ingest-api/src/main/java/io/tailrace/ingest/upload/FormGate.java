package io.tailrace.ingest.upload;

import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Bounds how many forms of one person this process reads at once: they do not see each other's files before these have come, so this is what they
 * can pass the quota by. Thread-safe.
 */
@Singleton
final class FormGate {
    private static final String RETRY_AFTER = "5";

    private final int maxForms;
    private final ConcurrentMap<UUID, Integer> reading = new ConcurrentHashMap<>();

    FormGate(UploadSettings settings) {
        this.maxForms = settings.maxForms();
    }

    /** Somebody's place, which is given back when it is closed. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes a place.
     *
     * @throws ProblemException 429 if the person has as many as there may be
     */
    Place enter(UUID owner) {
        int now = reading.merge(owner, 1, Integer::sum);
        Place place = () -> reading.computeIfPresent(owner, (who, count) -> count == 1 ? null : count - 1);
        if (now > maxForms) {
            place.close();
            throw new ProblemException(
                            ProblemType.RATE_LIMITED,
                            "Your other requests still bring files; at most " + maxForms + " are read at once")
                    .with("Retry-After", RETRY_AFTER);
        }
        return place;
    }
}
