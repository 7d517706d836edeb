package io.tailrace.workers.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgedMetric;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.series.SeriesGap;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bridge whose source, connection and worker are killed, while the source sends readings in another order and again. */
@Tag("server")
class BridgeKillsTest {
    /** How often something is killed in each test; by hand more often: {@code -Dbridge.kills=50}. */
    private static final int KILLS = Integer.getInteger("bridge.kills", 8);

    private static final Logger LOG = LoggerFactory.getLogger(BridgeKillsTest.class);

    private final Random random = new Random(21);
    private final UUID job = UUID.randomUUID();
    private final List<Attempt> attempts = new ArrayList<>();
    private int forgotten;

    @AfterEach
    void stop() throws InterruptedException {
        for (Attempt attempt : attempts) {
            attempt.stop();
        }
    }

    @Test
    void whateverIsKilledEachReadingIsCopiedUnderOneIdOrToldAsMissing() throws Exception {
        try (TestSource source = TestSource.start(21);
                Relay relay = new Relay(source.port())) {
            Bridge bridge = start(relay.port());
            for (int i = 0; i < KILLS; i++) {
                makeSome(bridge, source);
                switch (i % 4) {
                    case 0 -> source.cut();
                    case 1 -> relay.cut();
                    case 2 -> {
                        source.forget();
                        forgotten++;
                    }
                    default -> {
                        if (random.nextBoolean()) {
                            attempts.getLast().stop();
                        }
                        // Otherwise the one before is a worker that was frozen: it finds out that it is not the holder
                        // any more.
                        attempt(bridge);
                    }
                }
            }
            eachReadingIsCopiedOnceOrToldAsMissing(bridge, source);
        }
    }

    @Test
    void ofASourceThatIsKilledAndStartedAgainEachReadingIsCopiedUnderOneIdOrToldAsMissing() throws Exception {
        try (TestSource source = TestSource.start(22)) {
            Bridge bridge = start(source.port());
            for (int i = 0; i < KILLS; i++) {
                makeSome(bridge, source);
                source.kill();
                if (random.nextBoolean()) {
                    source.forget();
                    forgotten++;
                }
                // It reads on while nobody can reach it.
                for (int n = random.nextInt(5); n > 0; n--) {
                    source.make();
                }
                source.startAgain();
            }
            eachReadingIsCopiedOnceOrToldAsMissing(bridge, source);
        }
    }

    private Bridge start(int port) throws Exception {
        Instant now = Instant.now();
        Bridge bridge = new Bridge(
                "k-" + UUID.randomUUID(),
                "127.0.0.1:" + port,
                null,
                List.of(new BridgedMetric(TestSource.METRIC, "the room")),
                Bridge.RAW,
                0,
                now,
                now);
        TestBridges.set(bridge);
        attempt(bridge);
        TestBridges.awaitState(bridge, "live");
        return bridge;
    }

    private void attempt(Bridge bridge) {
        attempts.add(new Attempt(bridge, job, attempts.size() + 1, TestBridges.collaborators()));
    }

    /** Has the source make some readings, in half of all cases in disorder, and waits for half of them. */
    private void makeSome(Bridge bridge, TestSource source) {
        source.disorder(random.nextBoolean());
        for (int n = 5 + random.nextInt(20); n > 0; n--) {
            source.make();
        }
        if (random.nextBoolean()) {
            TestBridges.awaitCopied(bridge, source);
        }
    }

    private void eachReadingIsCopiedOnceOrToldAsMissing(Bridge bridge, TestSource source) throws IOException {
        source.disorder(false);
        source.make();
        TestBridges.awaitCopied(bridge, source);
        Instant last = source.made().getLast();
        Eventually.holds("the last reading is in the log", () -> TestBridges.readings(bridge).stream()
                .anyMatch(reading -> reading.timestamp().equals(last)));

        Map<Instant, Set<UUID>> copied = new HashMap<>();
        for (MetricReadingCreated reading : TestBridges.readings(bridge)) {
            copied.computeIfAbsent(reading.timestamp(), _ -> new HashSet<>()).add(reading.id());
            assertThat(reading.value())
                    .as("the value of %s", reading)
                    .isEqualTo(source.made().indexOf(reading.timestamp()) + 1.0);
        }
        List<SeriesGap> gaps = TestBridges.gaps(bridge, "1s");
        for (Instant made : source.made()) {
            Set<UUID> ids = copied.getOrDefault(made, Set.of());
            assertThat(ids).as("the ids of %s", made).hasSizeLessThan(2);
            assertThat(ids.size() == 1 || gaps.stream().anyMatch(gap -> covers(gap, made)))
                    .as("%s is copied or told in %s", made, gaps)
                    .isTrue();
        }
        assertThat(new HashSet<>(gaps)).as("gaps").hasSizeLessThanOrEqualTo(forgotten * 2);
        LOG.info(
                "{} kills, {} of them with lost memory: {} readings made, {} copied, {} told in {} gaps",
                KILLS,
                forgotten,
                source.made().size(),
                copied.size(),
                source.made().size() - copied.size(),
                new HashSet<>(gaps).size());
    }

    private static boolean covers(SeriesGap gap, Instant at) {
        Instant from = gap.from();
        Instant to = gap.to();
        return to != null && (from == null || !at.isBefore(from)) && !at.isAfter(to);
    }
}
