package io.tailrace.systemtests.chaos;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.chaos.check.ClientCheck;
import io.tailrace.systemtests.chaos.check.Crowding;
import io.tailrace.systemtests.chaos.schedule.Reader;
import io.tailrace.systemtests.chaos.schedule.Scale;
import io.tailrace.systemtests.chaos.schedule.Schedule;
import io.tailrace.systemtests.platform.DataFolders;
import io.tailrace.systemtests.platform.Launcher;
import io.tailrace.systemtests.platform.ServiceProcess;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A deploy: one edge after the other ends and comes back, under load, behind a balancer. */
@Tag("server")
class RollingRestartTest {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final long DRAIN_S = 5;
    private static final Scale SCALE = new Scale(200, 0, 6, 10);

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_deploy_costs_no_event_and_looks_like_ordinary_churn() throws Exception {
        // given 200 readers of two edges
        Launcher launcher =
                new Launcher(DataFolders.create("rolling"), Map.of("TAILRACE_EDGE_DRAIN_TIME", DRAIN_S + "s"));
        Schedule schedule = new Schedule(1, 0, readers(), List.of());
        try (World world = World.up(launcher);
                Load load = new Load(world, schedule, SCALE)) {
            load.awaitOpen();

            // when one edge after the other is drained and started again
            for (ServiceProcess edge : List.of(world.edge1, world.edge2)) {
                long beganMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
                long closedBefore = load.sum(ClientCheck::closings);
                world.balancer.takeOut(edge.origin());
                assertThat(edge.stop()).as("it ends by itself").isTrue();
                load.awaitOpen();
                List<Long> asksMs =
                        load.asksMs().stream().filter(ms -> ms >= beganMs).toList();
                edge.start(READY);
                world.balancer.putBack(edge.origin());
                world.awaitEdges();

                // then each of its clients was told, and they came back at the rate of the drain, give or take
                eventually(
                        "the records are taken",
                        READY,
                        () -> load.sum(ClientCheck::closings) - closedBefore >= asksMs.size());
                long closed = load.sum(ClientCheck::closings) - closedBefore;
                int most = Crowding.most(asksMs, TimeUnit.SECONDS.toMillis(1));
                System.out.printf(
                        Locale.ROOT,
                        "rolling restart: %d streams closed, %d asked for, at most %d within a second%n",
                        closed,
                        asksMs.size(),
                        most);
                assertThat(closed).isGreaterThanOrEqualTo(SCALE.clients() / 4);
                assertThat((long) asksMs.size()).as("nobody had to ask twice").isEqualTo(closed);
                assertThat((long) most)
                        .as("reconnects within a second")
                        .isLessThanOrEqualTo(2 * asksMs.size() / DRAIN_S);
            }

            // and nobody missed an event
            load.end();
            assertThat(load.wrong()).isEmpty();
            System.out.println("rolling restart: " + load.numbers());
        }
    }

    /** Readers whose tokens outlive the test: a stream that ends because its token does is no part of a deploy. */
    private static List<Reader> readers() {
        return Schedule.draw(1, 0, SCALE).readers().stream()
                .map(reader ->
                        new Reader(reader.number(), reader.subject(), reader.channels(), reader.start(), 3_600_000))
                .toList();
    }
}
