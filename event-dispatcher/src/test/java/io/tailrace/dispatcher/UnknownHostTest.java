package io.tailrace.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthResult;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.LateName;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.TestBroker;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.LoopHealth;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** A dispatcher whose brokers' names do not resolve for a while. */
@Timeout(300)
@Tag("server")
class UnknownHostTest {
    private static final String FEEDS = "tailrace.channels.feed";

    private final TestBroker broker = new TestBroker();
    private final LateName name = new LateName();
    private final Counter truncations = new SimpleMeterRegistry().counter("truncations");
    private final List<Integer> ends = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void itsStartSaysWhatIsMissingAndEachApplicationBeginsOnceWhenTheNameResolves(@TempDir Path state)
            throws Exception {
        try (Dispatcher dispatcher = dispatcher(state);
                TestBroker.Reader feeds = broker.reader(FEEDS)) {
            // when
            Thread start = Thread.ofPlatform().start(dispatcher::start);

            // then
            Eventually.holds(() -> "health says what is missing", () -> conditions(dispatcher)
                    .contains("No resolvable bootstrap"));
            assertThat(health(dispatcher).getStatus()).isEqualTo(HealthStatus.DOWN);

            // when
            name.appear();
            UUID post = UUID.randomUUID();
            broker.write(Topics.POSTS, Facts.post(post, new UUID(1, 1), "x"));

            // then
            Eventually.holds(
                    () -> "the post arrives", () -> feeds.find("ce_id", post).isPresent());
            Eventually.ends("the start has ended", start);
            assertThat(dispatcher.applications()).hasSize(6);
            Eventually.holds(
                    () -> "it is up", () -> health(dispatcher).getStatus().equals(HealthStatus.UP));
            Eventually.holds(() -> "no loop tries again: " + conditions(dispatcher), () -> !conditions(dispatcher)
                    .contains("retrying"));
        }
    }

    @Test
    void streamsIsNotLeftHalfConstructedWhenTheNameVanishesMeanwhile() throws Exception {
        // given: a constructor that fails keeps the state directory locked
        AtomicReference<@Nullable Admin> made = new AtomicReference<>();
        SupervisedLoop starting = new SupervisedLoop(
                "start", new Backoff(Duration.ofMillis(1), Duration.ofMillis(20), new SplittableRandom(1)), self -> {
                    made.set(new StreamsClients(truncations, self)
                            .getAdmin(settings().admin("test")));
                    self.done();
                });
        Thread thread = Thread.ofPlatform().start(starting);
        Eventually.holds(() -> "it waits", () -> starting.failures() > 2);

        // when
        name.appear();
        Eventually.ends("the start has ended", thread);

        // then
        Objects.requireNonNull(made.get()).close();
    }

    @Test
    void aTopicOfAnotherShapeIsNotWaitedFor(@TempDir Path state) throws Exception {
        // given
        name.appear();
        Namespaces others = Namespaces.read(new StringReader("feed.number=1\n"
                + "feed.partitions=7\n"
                + "feed.retention=P7D\n"
                + "feed.subscribe=owner\n"
                + "feed.publish=none\n"
                + "feed.start=live"));
        try (Dispatcher dispatcher = dispatcher(state, others)) {
            // then
            assertThatThrownBy(dispatcher::start).hasMessageContaining("topic " + FEEDS + " has 6 partitions");
            assertThat(dispatcher.applications()).isEmpty();
        }
    }

    @Test
    void anApplicationThatRunsIsToldThatAClientCannotBeMade() {
        StreamsClients clients = new StreamsClients(
                truncations,
                new SupervisedLoop(
                        "start",
                        new Backoff(Duration.ofMillis(1), Duration.ofMillis(20), new SplittableRandom(1)),
                        self -> {}));
        clients.constructed();

        assertThatThrownBy(() -> clients.getAdmin(settings().admin("test")))
                .hasRootCauseMessage("No resolvable bootstrap urls given in bootstrap.servers");
    }

    @Test
    void aThreadThatDiesMeanwhileShowsInHealthAndIsReplacedWhenTheNameResolves(@TempDir Path state) {
        try (Dispatcher dispatcher = dispatcher(state);
                TestBroker.Reader feeds = broker.reader(FEEDS)) {
            // given
            name.appear();
            Thread.ofPlatform().start(dispatcher::start);
            Eventually.holds(
                    () -> "it is up: " + health(dispatcher),
                    () -> health(dispatcher).getStatus().equals(HealthStatus.UP));
            broker.configure(FEEDS, "max.message.bytes", "3000");

            // when
            name.vanish();
            broker.write(Topics.POSTS, Facts.post(UUID.randomUUID(), new UUID(1, 1), textOfBytes(4_000)));

            // then
            Eventually.holds(
                    () -> "it is down: " + health(dispatcher),
                    () -> health(dispatcher).getStatus().equals(HealthStatus.DOWN));

            // when
            name.appear();
            UUID next = UUID.randomUUID();
            broker.write(Topics.POSTS, Facts.post(next, new UUID(1, 1), "x"));

            // then
            Eventually.holds(() -> "the next post arrives", () -> feeds.find("ce_id", next)
                    .isPresent());
            Eventually.holds(
                    () -> "it is up again: " + health(dispatcher),
                    () -> health(dispatcher).getStatus().equals(HealthStatus.UP));
            assertThat(ends).isEmpty();
        }
    }

    /** A text that compression makes no smaller than so many bytes. */
    private static String textOfBytes(int count) {
        byte[] bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private Dispatcher dispatcher(Path state) {
        return dispatcher(state, Namespaces.builtIn());
    }

    private Dispatcher dispatcher(Path state, Namespaces namespaces) {
        return new Dispatcher(
                ProductionConfig.settings(state.toString(), 6_000),
                ProductionConfig.JOBS,
                ProductionConfig.SCHEDULES,
                ProductionConfig.SERIES,
                ProductionConfig.SHOWS,
                settings(),
                namespaces,
                JobQueues.builtIn(),
                new SimpleMeterRegistry(),
                ends::add);
    }

    private KafkaSettings settings() {
        return KafkaSettings.of(name.of(broker.settings().bootstrap()));
    }

    private static String conditions(Dispatcher dispatcher) {
        return String.valueOf(Mono.from(new LoopHealth("loops", dispatcher.loops()).getResult())
                .map(HealthResult::getDetails)
                .block());
    }

    private static HealthResult health(Dispatcher dispatcher) {
        return Mono.from(new StreamsHealth(dispatcher).getResult())
                .blockOptional()
                .orElseThrow();
    }
}
