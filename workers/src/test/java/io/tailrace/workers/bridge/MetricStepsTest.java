package io.tailrace.workers.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgedMetric;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.workers.bridge.sequence.Copied;
import io.tailrace.workers.bridge.sequence.MessageSequence;
import io.tailrace.workers.bridge.sequence.SourceMessage;
import io.tailrace.workers.bridge.sequence.SourcePosition;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the next attempt writes again after an attempt that is over: what may not be in the log, and nothing else. */
@Tag("server")
class MetricStepsTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicBoolean connectionsBreak = new AtomicBoolean();
    private final Bridge bridge = new Bridge(
            "s-" + UUID.randomUUID(),
            "localhost:1",
            null,
            List.of(new BridgedMetric(TestSource.METRIC, "the room")),
            Bridge.RAW,
            0,
            AT,
            AT);
    private final BridgeRun.Collaborators with = TestBridges.collaborators();
    private final MessageSequence sequence =
            new MessageSequence(SourcePosition.NONE, new MessageSequence.Bounds(3, 1_000, false, Duration.ofHours(1)));
    private ManagedChannel channel;
    private MetricSteps steps;

    @BeforeEach
    void begin() throws Exception {
        BridgeTable table = new BridgeTable(breaking(TestBridges.database()));
        BridgeTable.Holder holder = new BridgeTable.Holder(UUID.randomUUID(), 1);
        BridgeTable.Claimed claimed =
                Objects.requireNonNull(table.claim(bridge, holder).orElseThrow().get(TestSource.METRIC));
        channel = with.channels().open(bridge);
        steps = new MetricSteps(
                bridge,
                bridge.metrics().getFirst(),
                claimed,
                holder,
                new SourceLink.Ports(
                        channel,
                        with.channels(),
                        table,
                        with.events(),
                        with.meters(),
                        with.settings(),
                        InstantSource.system()),
                FakeJob.first().log());
        List<Copied> unused = accept(new SourceMessage(1, "c1", 0, new SourceMessage.Started("e", false, null)));
    }

    @AfterEach
    void end() {
        channel.shutdownNow();
    }

    /** The database, whose connections break behind what they have done when they are to. */
    private DataSource breaking(DataSource database) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (_, method, arguments) -> {
                    Object made = invoke(database, method, arguments);
                    return made instanceof Connection connection ? breaking(connection) : made;
                });
    }

    private Connection breaking(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    Object answer = invoke(connection, method, arguments);
                    if (method.getName().equals("close") && connectionsBreak.get()) {
                        throw new SQLException("the connection broke before the answer", "08006");
                    }
                    return answer;
                });
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    private List<Copied> accept(SourceMessage message) throws Exception {
        return sequence.accept(message, 0, AT.plusSeconds(100));
    }

    private List<Copied> reading(int number) throws Exception {
        SourceMessage.Point point = new SourceMessage.Point(AT.plusSeconds(number), number);
        return new ArrayList<>(accept(new SourceMessage(number, "c" + number, 0, point)));
    }

    private void store(List<Copied> copied) throws Exception {
        steps.store(sequence, sequence.counts(), copied, UUID.randomUUID(), SourceLink.State.LIVE);
    }

    private String pending() throws SQLException {
        return TestBridges.column(bridge, "pending").getFirst();
    }

    @Test
    void aStepThatWasNotWrittenIsWrittenByTheNextAttempt() throws Exception {
        store(reading(2));
        steps.leave();

        assertThat(pending()).contains("2026-01-01T00:00:02Z");
    }

    @Test
    void aStepThatWasWrittenIsNotWrittenAgainPerhapsDaysLater() throws Exception {
        store(reading(2));
        steps.write();
        steps.leave();

        assertThat(pending()).isEqualTo("null");
    }

    @Test
    void aStepIsNotForgottenBecauseTheOneBeforeItWasWritten() throws Exception {
        store(reading(2));
        steps.write();
        List<Copied> next = reading(3);
        connectionsBreak.set(true);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> store(next)).isInstanceOf(InterruptedException.class);
        connectionsBreak.set(false);
        steps.leave();

        assertThat(pending()).contains("2026-01-01T00:00:03Z");
    }
}
