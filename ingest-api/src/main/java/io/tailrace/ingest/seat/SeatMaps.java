package io.tailrace.ingest.seat;

import io.lettuce.core.ScriptOutputType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.seat.SeatMapKeys;
import io.tailrace.ingest.log.TopicGenerations;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.redis.RedisAway;
import io.tailrace.kit.redis.RedisLink;
import io.tailrace.kit.redis.RedisScript;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which seats of a show are taken: from Redis, or where that has no copy that can be used, from PostgreSQL. Both say at
 * which position they are true. Thread-safe; blocks.
 */
@Singleton
class SeatMaps {
    private static final Logger LOG = LoggerFactory.getLogger(SeatMaps.class);
    private static final RedisScript READ = RedisScript.load(SeatMaps.class, "seat-map.lua");
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private static final long POLL_NS = 50_000_000;

    private final RedisLink redis;
    private final TakenSeatRows rows;
    private final Database database;
    private final Namespaces namespaces;
    private final TopicGenerations generations;
    private final long waitNs;
    private final Counter fromRedis;
    private final Counter fromPostgres;

    SeatMaps(
            RedisLink redis,
            TakenSeatRows rows,
            Database database,
            Namespaces namespaces,
            TopicGenerations generations,
            SeatSettings settings,
            MeterRegistry meters) {
        this.redis = redis;
        this.rows = rows;
        this.database = database;
        this.namespaces = namespaces;
        this.generations = generations;
        this.waitNs = settings.mapWait().toNanos();
        this.fromRedis = counter(meters, "redis");
        this.fromPostgres = counter(meters, "postgres");
    }

    /**
     * The seats that are taken.
     *
     * @throws ProblemException 503 if neither copy can be read
     */
    TakenSeats taken(UUID showId) {
        Namespace namespace = namespace();
        int partition = channel(showId).partition(namespace.partitions());
        Optional<TakenSeats> cached = fromRedis(namespace, partition, showId);
        if (cached.isPresent()) {
            fromRedis.increment();
            return cached.get();
        }
        fromPostgres.increment();
        return database.call(() -> rows.find(showId, namespace.topic(), partition))
                .map(TakenSeatRow::taken)
                .orElseThrow(() -> ProblemException.unavailable("The seat map is not there yet", RETRY_AFTER, null));
    }

    /**
     * The seats that are taken, with everything that stands before a cursor: waits until a copy has come so far, for at
     * most {@link SeatSettings#mapWait()}.
     *
     * @throws ProblemException 503 if none has, or neither copy can be read
     */
    TakenSeats takenAfter(UUID showId, Cursor cursor) {
        Namespace namespace = namespace();
        int partition = channel(showId).partition(namespace.partitions());
        long startNs = System.nanoTime();
        TakenSeats taken = taken(showId);
        while (!taken.hasReached(cursor, namespace.number(), partition)) {
            if (System.nanoTime() - startNs >= waitNs || Thread.currentThread().isInterrupted()) {
                throw ProblemException.unavailable("The seat map has not come to the cursor yet", RETRY_AFTER, null);
            }
            LockSupport.parkNanos(POLL_NS);
            taken = taken(showId);
        }
        return taken;
    }

    /** The namespace of the channels of shows. */
    Namespace namespace() {
        return namespaces
                .of(new Channel("show"))
                .orElseThrow(() -> ProblemException.unavailable("There are no channels of shows", RETRY_AFTER, null));
    }

    /** The channel of a show. */
    static Channel channel(UUID showId) {
        return new Channel("show:" + showId);
    }

    private Optional<TakenSeats> fromRedis(Namespace namespace, int partition, UUID showId) {
        try {
            String generation = generations.topicId(namespace.topic()).toString();
            List<Object> answer = READ.run(
                    redis,
                    ScriptOutputType.MULTI,
                    List.of(SeatMapKeys.partition(partition), SeatMapKeys.show(partition, showId)),
                    List.of(generation, SeatMapKeys.mark(showId)));
            return answer.isEmpty() ? Optional.empty() : Optional.of(taken(answer, generation));
        } catch (RedisAway | ProblemException e) {
            LOG.debug("no seat map from Redis", e);
            return Optional.empty();
        }
    }

    private static TakenSeats taken(List<Object> answer, String generation) {
        Map<String, String> states = HashMap.newHashMap(answer.size() / 2);
        for (int i = 1; i + 1 < answer.size(); i += 2) {
            states.put(String.valueOf(answer.get(i)), String.valueOf(answer.get(i + 1)));
        }
        states.remove(SeatMapKeys.NEXT);
        return new TakenSeats(Long.parseLong(String.valueOf(answer.getFirst())), generation, states);
    }

    private static Counter counter(MeterRegistry meters, String source) {
        return Counter.builder("tailrace.seats.maps")
                .description("Seat maps that were read, by where from")
                .tag("source", source)
                .register(meters);
    }
}
