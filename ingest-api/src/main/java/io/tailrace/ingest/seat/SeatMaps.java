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
import java.util.StringTokenizer;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
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
    private static final RedisScript VERSION = RedisScript.load(SeatMaps.class, "seat-map-version.lua");
    private static final String HELD = "held";
    private static final String CONFIRMED = "confirmed";
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
     * The seats that are taken: all of them, so {@link SharedSeatMaps} asks for a version once.
     *
     * @throws ProblemException 503 if neither copy can be read
     */
    TakenSeats taken(UUID showId) {
        Namespace namespace = namespace();
        int partition = channel(showId).partition(namespace.partitions());
        Optional<TakenSeats> cached = askRedis(READ, namespace, partition, showId, SeatMaps::taken);
        if (cached.isPresent()) {
            fromRedis.increment();
            return cached.get();
        }
        fromPostgres.increment();
        return database.call(() -> rows.find(showId, namespace.topic(), partition))
                .map(TakenSeatRow::taken)
                .orElseThrow(SeatMaps::notThere);
    }

    /**
     * Which state of a show's seats can be read now. Costs little, however many seats there are.
     *
     * @throws ProblemException 503 if neither copy can be read
     */
    SeatMapVersion version(UUID showId) {
        Namespace namespace = namespace();
        int partition = channel(showId).partition(namespace.partitions());
        return askRedis(VERSION, namespace, partition, showId, SeatMaps::version)
                .or(() -> database.call(() -> rows.position(namespace.topic(), partition))
                        .map(TakenSeatRow::version))
                .orElseThrow(SeatMaps::notThere);
    }

    /**
     * The same, with everything that stands before a cursor: waits until a copy has come so far, for at most {@link
     * SeatSettings#mapWait()}.
     *
     * @throws ProblemException 503 if none has, or neither copy can be read
     */
    SeatMapVersion versionAfter(UUID showId, Cursor cursor) {
        Namespace namespace = namespace();
        int partition = channel(showId).partition(namespace.partitions());
        long startNs = System.nanoTime();
        SeatMapVersion version = version(showId);
        while (!version.hasReached(cursor, namespace.number(), partition)) {
            if (System.nanoTime() - startNs >= waitNs || Thread.currentThread().isInterrupted()) {
                throw ProblemException.unavailable("The seat map has not come to the cursor yet", RETRY_AFTER, null);
            }
            LockSupport.parkNanos(POLL_NS);
            version = version(showId);
        }
        return version;
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

    private <T> Optional<T> askRedis(
            RedisScript script,
            Namespace namespace,
            int partition,
            UUID showId,
            BiFunction<List<Object>, String, T> reading) {
        try {
            String generation = generations.topicId(namespace.topic()).toString();
            List<Object> answer = script.run(
                    redis,
                    ScriptOutputType.MULTI,
                    List.of(SeatMapKeys.partition(partition), SeatMapKeys.show(partition, showId)),
                    List.of(generation, SeatMapKeys.mark(showId)));
            return answer.isEmpty() ? Optional.empty() : Optional.of(reading.apply(answer, generation));
        } catch (RedisAway | ProblemException e) {
            LOG.debug("no seat map from Redis", e);
            return Optional.empty();
        }
    }

    private static SeatMapVersion version(List<Object> answer, String generation) {
        long nextOffset = Long.parseLong(String.valueOf(answer.getFirst()));
        return new SeatMapVersion(generation, nextOffset, "change " + answer.get(1));
    }

    private static TakenSeats taken(List<Object> answer, String generation) {
        StringTokenizer pairs = new StringTokenizer(String.valueOf(answer.get(2)), " ");
        Map<String, String> states = HashMap.newHashMap(pairs.countTokens() / 2);
        while (pairs.hasMoreTokens()) {
            String seat = pairs.nextToken();
            String state = pairs.nextToken();
            // One object for all seats.
            states.put(seat, state.equals(HELD) ? HELD : state.equals(CONFIRMED) ? CONFIRMED : state);
        }
        states.remove(SeatMapKeys.NEXT);
        return new TakenSeats(version(answer, generation), states);
    }

    private static ProblemException notThere() {
        return ProblemException.unavailable("The seat map is not there yet", RETRY_AFTER, null);
    }

    private static Counter counter(MeterRegistry meters, String source) {
        return Counter.builder("tailrace.seats.maps")
                .description("Seat maps whose bytes were made, by where their seats came from")
                .tag("source", source)
                .register(meters);
    }
}
