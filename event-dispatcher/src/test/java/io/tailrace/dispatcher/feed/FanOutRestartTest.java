package io.tailrace.dispatcher.feed;

import static io.tailrace.dispatcher.feed.FeedHarness.feed;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.dispatcher.ProductionConfig;
import io.tailrace.dispatcher.channel.TracedContext;
import io.tailrace.dispatcher.poison.RefusedEvents;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.Harness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task that is closed in the middle of its turns, and opened again over the stores that it had. */
class FanOutRestartTest {
    private static final UUID ADA = new UUID(1, 1);
    private static final UUID BOB = new UUID(2, 2);
    private static final UUID POST = new UUID(9, 9);
    private static final FeedSettings SETTINGS = new FeedSettings(
            1_000, 1, 3, Duration.ofMillis(10), 1, Duration.ofHours(24), 1, 10_000, Duration.ofMillis(50));

    private final RefusedEvents refused = new RefusedEvents();
    private final TurnPace pace = new TurnPace(1);

    private final Path state;

    FanOutRestartTest(@TempDir Path state) {
        this.state = state;
    }

    @Test
    void every_follower_has_the_post_once_wherever_the_task_was_closed() {
        List<String> fed = new ArrayList<>();
        try (Task task = new Task()) {
            IntStream.range(0, 10).forEach(i -> task.follows(follower(i), true));
            task.post(POST);
            fed.addAll(task.fed());
        }
        while (fed.size() < 10) {
            try (Task task = new Task()) {
                task.turn();
                List<String> more = task.fed();
                assertThat(more).as("after %s", fed).isNotEmpty();
                fed.addAll(more);
            }
        }

        assertThat(fed)
                .containsExactlyElementsOf(IntStream.range(0, 10)
                        .mapToObj(i -> feed(follower(i), POST))
                        .toList());
        try (Task task = new Task()) {
            assertThat(task.clocks()).as("nothing is left to do").isZero();
        }
    }

    @Test
    void follows_and_unfollows_of_the_time_in_between_count_as_if_it_had_not_been_closed() {
        UUID late = new UUID(100, 500);
        UUID again = follower(4);
        UUID next = new UUID(9, 10);
        List<String> fed = new ArrayList<>();
        try (Task task = new Task()) {
            IntStream.range(0, 6).forEach(i -> task.follows(follower(i), true));
            task.post(POST);
            task.turn();
            fed.addAll(task.fed());
        }
        try (Task task = new Task()) {
            task.follows(late, true);
            task.follows(follower(5), false);
            // Whoever unfollows and follows again follows from now on.
            task.follows(again, false);
            task.follows(again, true);
            task.post(next);
            IntStream.range(0, 10).filter(i -> task.clocks() > 0).forEach(i -> task.turn());
            fed.addAll(task.fed());
        }

        assertThat(fed.stream().filter(line -> line.endsWith(POST.toString())))
                .containsExactlyElementsOf(IntStream.range(0, 4)
                        .mapToObj(i -> feed(follower(i), POST))
                        .toList());
        assertThat(fed)
                .contains(feed(late, next), feed(again, next))
                .doesNotContain(feed(follower(5), next))
                .doesNotHaveDuplicates();
    }

    @Test
    void a_post_that_the_broker_refuses_in_the_middle_is_a_dead_letter_and_the_next_one_goes_on() {
        UUID next = new UUID(9, 10);
        try (Task task = new Task()) {
            IntStream.range(0, 5).forEach(i -> task.follows(follower(i), true));
            task.post(POST);
            task.post(next);
            task.turn();
            refused.refuse(POST.toString(), "it refused it");
        }
        try (Task task = new Task()) {
            IntStream.range(0, 10).filter(i -> task.clocks() > 0).forEach(i -> task.turn());

            assertThat(task.fed())
                    .containsExactlyElementsOf(IntStream.range(0, 5)
                            .mapToObj(i -> feed(follower(i), next))
                            .toList());
            Record<? extends byte[], ? extends byte[]> letter = task.deadLetter();
            assertThat(header(letter, "dead_letter_key")).isEqualTo(ADA.toString());
            assertThat(header(letter, "ce_id")).isEqualTo(POST.toString());
            assertThat(header(letter, "dead_letter_topic")).isEqualTo("tailrace.posts");
            assertThat(header(letter, "dead_letter_offset")).isEqualTo("41");
            assertThat(header(letter, "dead_letter_reason")).contains("it refused it");
        }
    }

    @Test
    void a_task_without_waiting_posts_has_no_clock() {
        try (Task task = new Task()) {
            assertThat(task.clocks()).isZero();
            task.follows(BOB, true);
            task.post(POST);
            task.post(new UUID(9, 10));
            assertThat(task.clocks()).isEqualTo(1);
            task.turn();
            assertThat(task.clocks()).isZero();
        }
    }

    private static UUID follower(int number) {
        return new UUID(100, number);
    }

    private static String header(Record<? extends byte[], ? extends byte[]> record, String name) {
        return Facts.text(record.headers().lastHeader(name).value());
    }

    /** The task of both processors. What it forwards is committed, and so are its stores. */
    private final class Task implements AutoCloseable {
        private final MockProcessorContext<byte[], byte[]> context;
        private final List<StateStore> stores;
        private final FollowLedger ledger;
        private final FanOutTurns turns;

        Task() {
            Properties config = new Properties();
            config.putAll(ProductionConfig.of("tailrace-feed-v1"));
            config.put(RefusedEvents.CONFIG, refused);
            context = new MockProcessorContext<>(config, new TaskId(0, 0), state.toFile());
            context.setCurrentSystemTimeMs(Facts.NOW.toEpochMilli());
            stores = List.of(
                    Followers.pairsStore().withLoggingDisabled().build(),
                    Followers.countsStore().withLoggingDisabled().build(),
                    FanOuts.store().withLoggingDisabled().build());
            for (StateStore store : stores) {
                store.init(context.getStateStoreContext(), store);
                context.addStateStore(store);
            }
            TracedContext<byte[], byte[]> traced = new TracedContext<>(context);
            ledger = FollowLedger.of(traced);
            turns = new FanOutTurns(
                    traced, FeedHarness.TOPICS, SETTINGS, Harness.FORM, FeedSensors.of(traced), pace, () -> 0);
        }

        void follows(UUID follower, boolean follows) {
            FollowChange.Kind kind = follows ? FollowChange.Kind.BEGINS : FollowChange.Kind.ENDS;
            ledger.apply(new FollowChange(ADA, follower, kind), Facts.NOW.toEpochMilli());
        }

        void post(UUID id) {
            PostPublished post = new PostPublished(id, ADA, "x", Facts.NOW);
            Event event = Facts.event(EventTypes.POST_PUBLISHED, post);
            Event delivered = new Event(id.toString(), event.type(), event.source(), event.time(), null, event.data());
            turns.add(new FanOut(ADA, delivered, Facts.NOW.toEpochMilli(), new byte[0], 0, 41));
        }

        long clocks() {
            return context.scheduledPunctuators().stream()
                    .filter(clock -> !clock.cancelled())
                    .count();
        }

        void turn() {
            for (CapturedPunctuator clock : List.copyOf(context.scheduledPunctuators())) {
                if (!clock.cancelled()) {
                    clock.getPunctuator().punctuate(Facts.NOW.toEpochMilli());
                }
            }
        }

        List<String> fed() {
            return context.forwarded(FeedTopology.FEED_SINK).stream()
                    .map(forward -> Facts.text(forward.record().key()) + " " + header(forward.record(), "ce_id"))
                    .toList();
        }

        Record<? extends byte[], ? extends byte[]> deadLetter() {
            return context.forwarded("dead-letters").getFirst().record();
        }

        @Override
        public void close() {
            turns.close();
            stores.forEach(StateStore::close);
        }
    }
}
