package io.tailrace.projections.seat;

import static io.tailrace.projections.testing.RunningProjections.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.backends.TestRedis;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.seat.SeatEvents.SeatsChanged;
import io.tailrace.contracts.seat.SeatMapKeys;
import io.tailrace.kit.consume.Source;
import io.tailrace.kit.redis.RedisLink;
import io.tailrace.kit.redis.RedisSettings;
import io.tailrace.projections.position.Application;
import io.tailrace.projections.position.Move;
import io.tailrace.projections.position.Position;
import io.tailrace.projections.testing.RunningProjections;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class SeatMapStoreTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final Source SOURCE = new Source("t", "g1", 6);
    private static final String TOPIC = "tailrace.channels.show";

    private final UUID show = UUID.randomUUID();
    private final int partition = new Channel("show:" + show).partition(6);
    private final SeatMapStore store = new SeatMapStore(
            new RedisLink(new RedisSettings(REDIS.url(), Duration.ofSeconds(5), Duration.ofMillis(1))), 0);

    @BeforeEach
    void begin() {
        REDIS.call(redis -> redis.flushall());
        assertThat(store.positions(SOURCE).next()).hasSize(6).containsEntry(partition, 0L);
    }

    @Test
    void applies_a_batch_and_moves_the_position_with_it() {
        Application applied = store.apply(
                SOURCE, List.of(new Move(partition, 0, 7)), List.of(taken("held", "A-1-1", "A-1-2"), freed("A-1-2")));

        assertThat(applied).isEqualTo(new Application.Applied());
        assertThat(seats()).isEqualTo(Map.of("A-1-1", "held", "next", "7"));
        assertThat(store.positions(SOURCE).next()).containsEntry(partition, 7L);
    }

    @Test
    void forgets_a_show_so_that_nothing_of_it_is_missed() {
        RedisLink redis = new RedisLink(new RedisSettings(REDIS.url(), Duration.ofSeconds(5), Duration.ofMillis(1)));
        store.apply(SOURCE, List.of(new Move(partition, 0, 7)), List.of(taken("held", "A-1-1")));

        assertThat(SeatMapStore.forget(redis, show, 6)).isTrue();
        assertThat(SeatMapStore.forget(redis, show, 6)).isFalse();

        assertThat(seats()).isEmpty();
        long marks = REDIS.call(commands -> commands.hkeys(SeatMapKeys.partition(partition)).stream()
                .filter(field -> field.startsWith("show:"))
                .count());
        assertThat(marks).isZero();
        assertThat(store.apply(SOURCE, List.of(new Move(partition, 7, 8)), List.of(freed("A-1-1"))))
                .isEqualTo(new Application.Applied());
    }

    @Test
    void keeps_the_leader_epoch_of_what_was_applied_last() {
        store.apply(SOURCE, List.of(new Move(partition, 0, 7, 5)), List.of(taken("held", "A-1-1")));

        assertThat(store.positions(SOURCE).at()).containsEntry(partition, new Position(7, 5));

        store.apply(SOURCE, List.of(new Move(partition, 7, 8)), List.of());

        assertThat(store.positions(SOURCE).at()).containsEntry(partition, new Position(8, Position.UNKNOWN_EPOCH));
    }

    @Test
    void applies_nothing_twice_and_nothing_out_of_order() {
        store.apply(SOURCE, List.of(new Move(partition, 0, 7)), List.of(taken("held", "A-1-1")));

        Application again =
                store.apply(SOURCE, List.of(new Move(partition, 0, 7)), List.of(taken("confirmed", "A-1-1")));
        Application ahead =
                store.apply(SOURCE, List.of(new Move(partition, 8, 9)), List.of(taken("confirmed", "A-1-1")));

        assertThat(List.of(again, ahead)).containsOnly(new Application.Fenced());
        assertThat(seats()).isEqualTo(Map.of("A-1-1", "held", "next", "7"));
    }

    @Test
    void begins_again_for_another_generation_of_the_topic() {
        store.apply(SOURCE, List.of(new Move(partition, 0, 7)), List.of(taken("held", "A-1-1")));
        Source other = new Source("t", "g2", 6);

        assertThat(store.positions(other).rebuilt()).isTrue();
        store.apply(other, List.of(new Move(partition, 0, 1)), List.of(taken("held", "A-1-2")));

        assertThat(seats()).isEqualTo(Map.of("A-1-2", "held", "next", "1"));
    }

    @Test
    void notices_that_the_hash_of_a_show_was_lost_and_begins_again() {
        store.apply(SOURCE, List.of(new Move(partition, 0, 7)), List.of(taken("held", "A-1-1")));
        REDIS.call(redis -> redis.del(SeatMapKeys.show(partition, show)));

        Application applied = store.apply(SOURCE, List.of(new Move(partition, 7, 8)), List.of(taken("held", "A-1-2")));

        assertThat(applied).isEqualTo(new Application.Fenced());
        assertThat(seats()).isEmpty();
        assertThat(store.positions(SOURCE).next()).containsEntry(partition, 0L);
    }

    @Test
    void is_ready_once_it_is_near_the_end_and_notices_that_everything_was_lost() {
        store.apply(SOURCE, List.of(new Move(partition, 0, 7)), List.of());

        assertThat(store.behind(SOURCE, Map.of(partition, 100_000L))).isTrue();
        assertThat(ready()).isNull();
        assertThat(store.behind(SOURCE, Map.of(partition, 3L))).isTrue();
        assertThat(ready()).isEqualTo("1");

        REDIS.call(redis -> redis.flushall());
        assertThat(store.behind(SOURCE, Map.of(partition, 3L))).isFalse();
    }

    @Test
    void the_map_is_made_again_from_the_log_whatever_redis_loses_and_postgres_goes_on_without_it() {
        try (TestRedis redis = new TestRedis();
                RunningProjections projections = new RunningProjections(
                        Map.of("tailrace.redis.url", redis.url(), "tailrace.projections.seat-map-check", "50ms"))) {
            publish(TOPIC, "show:" + show, "seat_held", new SeatsChanged(List.of("A-1-1", "A-1-2")));
            holds(redis, Map.of("A-1-1", "held", "A-1-2", "held"));

            redis.call(commands -> commands.del(SeatMapKeys.show(partition, show)));
            publish(TOPIC, "show:" + show, "seat_confirmed", new SeatsChanged(List.of("A-1-1")));
            holds(redis, Map.of("A-1-1", "confirmed", "A-1-2", "held"));

            redis.call(commands -> commands.flushall());
            holds(redis, Map.of("A-1-1", "confirmed", "A-1-2", "held"));

            redis.close();
            publish(TOPIC, "show:" + show, "seat_released", new SeatsChanged(List.of("A-1-2")));
            projections.eventually("select seat from taken_seats where show_id = '" + show + "'", "A-1-1");

            redis.restart();
            holds(redis, Map.of("A-1-1", "confirmed"));
        }
    }

    private void holds(TestRedis redis, Map<String, String> expected) {
        Eventually.holds("Redis has " + expected, () -> {
            Map<String, String> hash = redis.call(commands -> commands.hgetall(SeatMapKeys.show(partition, show)));
            Map<String, String> seats = new TreeMap<>(hash);
            seats.remove("next");
            return seats.equals(expected)
                    && "1"
                            .equals(redis.call(
                                    commands -> commands.hget(SeatMapKeys.partition(partition), SeatMapKeys.READY)));
        });
    }

    private Map<String, String> seats() {
        return REDIS.call(redis -> redis.hgetall(SeatMapKeys.show(partition, show)));
    }

    private String ready() {
        return REDIS.call(redis -> redis.hget(SeatMapKeys.partition(partition), SeatMapKeys.READY));
    }

    private SeatsChange taken(String state, String... seats) {
        return new SeatsChange.Taken(show, List.of(seats), state);
    }

    private SeatsChange freed(String... seats) {
        return new SeatsChange.Freed(show, List.of(seats));
    }
}
