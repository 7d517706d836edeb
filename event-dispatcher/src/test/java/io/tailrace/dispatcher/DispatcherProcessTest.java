package io.tailrace.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.channel.KeyPartition;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.dispatcher.testing.DispatcherProcess;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.TestBroker;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dispatcher as a process, against a real broker. */
@Tag("server")
class DispatcherProcessTest {
    private static final String FEEDS = "tailrace.channels.feed";
    private static final int SIGTERM_STATUS = 143;

    /** The broker looks at what a batch takes in the log, and a text of one letter takes nothing. */
    private static final Map<String, String> UNCOMPRESSED = Map.of("TAILRACE_DISPATCHER_FEED_COMPRESSION", "none");

    private final TestBroker broker = new TestBroker();

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void killed_in_the_middle_and_started_again_it_loses_nothing_and_repeats_nothing(@TempDir Path state) {
        List<UUID> authors = people(1, 4);
        List<UUID> followers = people(2, 3);
        for (UUID author : authors) {
            followers.forEach(follower -> broker.write(Topics.FOLLOWS, Facts.follow(follower, author)));
        }
        Map<UUID, List<UUID>> posted;
        try (TestBroker.Reader feeds = broker.reader(FEEDS)) {
            try (Publisher publisher = new Publisher(authors)) {
                for (int life = 0; life < 3; life++) {
                    try (DispatcherProcess dispatcher = start(state, Map.of())) {
                        int enough = feeds.records().size() + 500;
                        Eventually.holds(
                                dispatcher::output, () -> feeds.records().size() >= enough);
                        dispatcher.kill();
                    }
                }
                posted = publisher.stop();
            }
            try (DispatcherProcess dispatcher = start(state, Map.of())) {
                int expected = (followers.size() + 1)
                        * posted.values().stream().mapToInt(List::size).sum();
                Eventually.holds(dispatcher::output, () -> feeds.records().size() >= expected);
                // What is written after everything else arrives after everything that would arrive twice.
                authors.forEach(author -> publish(author, posted));
                int more = expected + authors.size() * (followers.size() + 1);
                Eventually.holds(dispatcher::output, () -> feeds.records().size() >= more);
                assertThat(dispatcher.terminate()).isEqualTo(SIGTERM_STATUS);
            }

            Map<String, Map<UUID, List<UUID>>> delivered = byChannelAndAuthor(feeds.records());
            for (UUID follower : followers) {
                assertThat(delivered.get("feed:" + follower)).isEqualTo(posted);
            }
            for (UUID author : authors) {
                assertThat(delivered.get("feed:" + author)).isEqualTo(Map.of(author, posted.get(author)));
            }
        }
    }

    /** Writes a post every few milliseconds, by one author after the other, until it is told to stop. */
    private final class Publisher implements AutoCloseable {
        private static final long PERIOD_MS = 5;

        private final Map<UUID, List<UUID>> posted = new HashMap<>();
        private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        private final ScheduledFuture<?> writing;
        private int next;

        Publisher(List<UUID> authors) {
            writing = executor.scheduleAtFixedRate(
                    () -> {
                        UUID author = authors.get(next++ % authors.size());
                        publish(author, posted);
                    },
                    0,
                    PERIOD_MS,
                    TimeUnit.MILLISECONDS);
        }

        /** Stops, and gives the posts of each author in their order. */
        Map<UUID, List<UUID>> stop() {
            assertThat(writing.cancel(false)).as("still writing").isTrue();
            close();
            return posted;
        }

        @Override
        public void close() {
            executor.close();
        }
    }

    @Test
    void killed_in_the_middle_of_a_fan_out_it_gives_the_post_to_twelve_thousand_followers_once_each(
            @TempDir Path state) {
        // given: somebody whose only follow comes after all others of its partition
        UUID author = new UUID(7, 1);
        UUID neighbour = people(9, 100).stream()
                .filter(other -> partition(other) == partition(author))
                .findFirst()
                .orElseThrow();
        List<UUID> followers = people(8, 12_000);
        followers.forEach(follower -> {
            var unused = broker.send(Topics.FOLLOWS, Facts.follow(follower, author));
        });
        broker.write(Topics.FOLLOWS, Facts.follow(new UUID(10, 1), neighbour));
        UUID post = UUID.randomUUID();
        Map<String, String> smallTurns = Map.of("TAILRACE_DISPATCHER_FOLLOWERS_PER_TURN", "100");
        try (TestBroker.Reader feeds = broker.reader(FEEDS)) {
            try (DispatcherProcess dispatcher = start(state, smallTurns)) {
                Eventually.holds(dispatcher::output, () -> {
                    broker.write(Topics.POSTS, Facts.post(UUID.randomUUID(), neighbour, "x"));
                    return feeds.records().stream()
                            .anyMatch(record -> Facts.text(record.key()).equals("feed:" + new UUID(10, 1)));
                });
                broker.write(Topics.POSTS, Facts.post(post, author, "x"));
                Eventually.holds(
                        dispatcher::output, () -> reachedBy(post, feeds).size() > 200);

                // when
                dispatcher.kill();
            }
            assertThat(reachedBy(post, feeds)).as("in the middle").hasSizeLessThan(followers.size());
            try (DispatcherProcess dispatcher = start(state, Map.of())) {
                Eventually.holds(
                        dispatcher::output, () -> reachedBy(post, feeds).size() > followers.size());

                // then: what is written after everything else arrives after everything that would arrive twice
                UUID next = UUID.randomUUID();
                broker.write(Topics.POSTS, Facts.post(next, author, "x"));
                Eventually.holds(
                        dispatcher::output, () -> reachedBy(next, feeds).size() > followers.size());
            }
            assertThat(reachedBy(post, feeds)).doesNotHaveDuplicates().hasSize(followers.size() + 1);
        }
    }

    @Test
    void a_post_that_comes_alone_does_not_wait_for_the_end_of_an_interval(@TempDir Path state) {
        UUID post = UUID.randomUUID();
        broker.write(Topics.POSTS, Facts.post(post, new UUID(13, 1), "x"));
        long startedNs = System.nanoTime();
        Duration interval = Duration.ofSeconds(80);
        try (DispatcherProcess dispatcher = start(
                        state,
                        Map.of(
                                "TAILRACE_DISPATCHER_FEED_COMMIT_INTERVAL",
                                interval.toSeconds() + "s",
                                "TAILRACE_DISPATCHER_TRANSACTION_TIMEOUT",
                                "14m"));
                TestBroker.Reader feeds = broker.reader(FEEDS)) {
            Eventually.holds(dispatcher::output, () -> feeds.find("ce_id", post).isPresent());

            assertThat(Duration.ofNanos(System.nanoTime() - startedNs)).isLessThan(interval);
        }
    }

    @Test
    void a_post_that_the_broker_refuses_is_a_dead_letter_and_the_next_one_arrives(@TempDir Path state) {
        UUID author = new UUID(3, 1);
        UUID large = UUID.randomUUID();
        broker.configure(FEEDS, "max.message.bytes", "5000");
        try (DispatcherProcess dispatcher = start(state, UNCOMPRESSED);
                TestBroker.Reader feeds = broker.reader(FEEDS);
                TestBroker.Reader letters = broker.reader(Topics.DEAD_LETTERS)) {
            broker.write(Topics.POSTS, Facts.post(large, author, "x".repeat(5_000)));

            Eventually.holds(dispatcher::output, () -> !letters.records().isEmpty());
            UUID next = UUID.randomUUID();
            broker.write(Topics.POSTS, Facts.post(next, author, "x"));

            Eventually.holds(dispatcher::output, () -> feeds.find("ce_id", next).isPresent());
            assertThat(letters.records()).hasSize(1);
            var letter = letters.records().getFirst();
            assertThat(read(letter.value()).id()).isEqualTo(large);
            assertThat(TestBroker.header(letter, "dead_letter_kind")).isEqualTo("production");
            assertThat(TestBroker.header(letter, "dead_letter_reason")).contains("RecordTooLargeException");
            assertThat(TestBroker.header(letter, "dead_letter_topic")).isEqualTo(Topics.POSTS);
            assertThat(feeds.find("ce_id", large)).isEmpty();
        }
    }

    @Test
    void when_it_gives_up_it_ends_with_its_own_status(@TempDir Path state) {
        broker.configure(FEEDS, "max.message.bytes", "5000");
        broker.write(Topics.POSTS, Facts.post(UUID.randomUUID(), new UUID(4, 1), "x".repeat(5_000)));

        try (DispatcherProcess dispatcher = start(
                state,
                Map.of(
                        "TAILRACE_DISPATCHER_THREAD_REPLACEMENTS",
                        "0",
                        "TAILRACE_DISPATCHER_FEED_COMPRESSION",
                        "none"))) {
            assertThat(dispatcher.await()).isEqualTo(Dispatcher.EXIT_STATUS);
        }
    }

    @Test
    void the_state_of_another_cluster_is_left_alone(@TempDir Path state) {
        UUID author = new UUID(11, 1);
        UUID follower = new UUID(12, 1);
        try (TestBroker another = new TestBroker();
                TestBroker.Reader feeds = another.reader(FEEDS);
                DispatcherProcess there =
                        DispatcherProcess.start(another.settings().bootstrap(), state, Map.of())) {
            another.write(Topics.FOLLOWS, Facts.follow(follower, author));
            another.write(Topics.POSTS, Facts.post(UUID.randomUUID(), author, "x"));
            Eventually.holds(there::output, () -> feeds.records().size() >= 1);
            assertThat(there.terminate()).isEqualTo(SIGTERM_STATUS);
        }
        try (DispatcherProcess here = start(state, Map.of());
                TestBroker.Reader feeds = broker.reader(FEEDS)) {
            UUID post = UUID.randomUUID();
            broker.write(Topics.POSTS, Facts.post(post, author, "x"));
            Eventually.holds(here::output, () -> feeds.find("ce_id", post).isPresent());

            // Whoever followed in the other cluster follows nobody in this one.
            assertThat(reachedBy(post, feeds)).containsExactly("feed:" + author);
        }
    }

    @Test
    void two_processes_with_one_state_directory_are_refused(@TempDir Path state) {
        try (DispatcherProcess first = start(state, Map.of());
                TestBroker.Reader feeds = broker.reader(FEEDS)) {
            UUID post = UUID.randomUUID();
            broker.write(Topics.POSTS, Facts.post(post, new UUID(5, 1), "x"));
            Eventually.holds(first::output, () -> feeds.find("ce_id", post).isPresent());

            try (DispatcherProcess second = start(state, Map.of())) {
                assertThat(second.await()).isEqualTo(1);
                assertThat(second.output()).contains("running in the same state directory");
            }
        }
    }

    @Test
    void when_kafka_has_forgotten_how_far_it_had_come_it_does_not_deliver_everything_again(@TempDir Path state) {
        UUID post = UUID.randomUUID();
        try (TestBroker.Reader feeds = broker.reader(FEEDS)) {
            try (DispatcherProcess first = start(state, Map.of("TAILRACE_DISPATCHER_LEAVE_GROUP_ON_STOP", "true"))) {
                broker.write(Topics.POSTS, Facts.post(post, new UUID(6, 1), "x"));
                Eventually.holds(first::output, () -> feeds.find("ce_id", post).isPresent());
                assertThat(first.terminate()).isEqualTo(SIGTERM_STATUS);
            }
            broker.forgetGroup("tailrace-feed-v1");

            try (DispatcherProcess second = start(state, Map.of())) {
                assertThat(second.await()).isEqualTo(1);
                assertThat(second.output()).contains("group tailrace-feed-v1 has state but no committed offsets");
            }
            assertThat(feeds.records()).hasSize(1);
        }
    }

    private DispatcherProcess start(Path state, Map<String, String> environment) {
        return DispatcherProcess.start(broker.settings().bootstrap(), state, environment);
    }

    private void publish(UUID author, Map<UUID, List<UUID>> posted) {
        UUID id = UUID.randomUUID();
        broker.write(Topics.POSTS, Facts.post(id, author, "x"));
        posted.computeIfAbsent(author, none -> new ArrayList<>()).add(id);
    }

    /** The ids of the posts in the order of each channel, by author: authors are in different partitions. */
    private static Map<String, Map<UUID, List<UUID>>> byChannelAndAuthor(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Map<UUID, List<UUID>>> channels = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            PostPublished post = read(record.value());
            channels.computeIfAbsent(Facts.text(record.key()), none -> new HashMap<>())
                    .computeIfAbsent(post.authorId(), none -> new ArrayList<>())
                    .add(post.id());
        }
        return channels;
    }

    private static PostPublished read(byte[] json) {
        try {
            return Json.read(json, PostPublished.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> reachedBy(UUID post, TestBroker.Reader feeds) {
        return feeds.records().stream()
                .filter(record -> TestBroker.header(record, "ce_id").equals(post.toString()))
                .map(record -> Facts.text(record.key()))
                .toList();
    }

    private static int partition(UUID person) {
        return KeyPartition.of(Facts.bytes(person.toString()), Topics.FACT_PARTITIONS);
    }

    private static List<UUID> people(int kind, int count) {
        return Stream.iterate(1, i -> i + 1)
                .limit(count)
                .map(i -> new UUID(kind, i * 7919L))
                .toList();
    }
}
