package io.tailrace.ingest.log;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Uuid;

/**
 * The ids of topics (KIP-516), remembered for {@link LogSettings#topicIdTtl()}. One entry per declared topic at most, so
 * it is bounded. Thread-safe; blocks when it must ask.
 */
@Singleton
public final class TopicGenerations {
    private record Known(Uuid topicId, long askedAtNs) {}

    private final LogAdmin admin;
    private final long ttlNs;
    private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();

    /** Asks {@code admin}. */
    public TopicGenerations(LogAdmin admin, LogSettings settings) {
        this.admin = admin;
        this.ttlNs = settings.topicIdTtl().toNanos();
    }

    /** The generation of a topic. */
    public Generation generation(String topic) {
        Uuid id = topicId(topic);
        return Generation.of(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()));
    }

    /**
     * The id of a topic. An old answer is used when the broker does not give a new one.
     *
     * @throws ProblemException 503 if the broker does not tell and never did
     */
    public Uuid topicId(String topic) {
        Known before = known.get(topic);
        if (before != null && System.nanoTime() - before.askedAtNs() < ttlNs) {
            return before.topicId();
        }
        if (before != null) {
            // One request asks; the others go on with what was known.
            Known postponed = new Known(before.topicId(), System.nanoTime());
            if (!known.replace(topic, before, postponed)) {
                return before.topicId();
            }
        }
        Uuid asked = admin.topicId(topic).orElse(null);
        if (asked != null) {
            known.put(topic, new Known(asked, System.nanoTime()));
            return asked;
        }
        if (before != null) {
            return before.topicId();
        }
        throw ProblemException.unavailable("The log does not answer", Duration.ofSeconds(2), null);
    }
}
