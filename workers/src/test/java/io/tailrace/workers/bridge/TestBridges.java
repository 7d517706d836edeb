package io.tailrace.workers.bridge;

import com.fasterxml.jackson.databind.util.RawValue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.backends.Backends;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.Server;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.contracts.job.MissedPolicy;
import io.tailrace.contracts.job.OverlapPolicy;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSet;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.contracts.series.SeriesGap;
import io.tailrace.contracts.series.SeriesPoint;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.grpc.InstallationHeader;
import io.tailrace.kit.json.Json;
import io.tailrace.migrations.Schema;
import io.tailrace.workers.testing.TestBroker;
import io.tailrace.workers.testing.TestDispatcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** What bridges of a test need, with short times: a real PostgreSQL with the schema, and a real broker. */
final class TestBridges {
    private static final Duration GRACE = Duration.ofMinutes(10);

    static final String INSTALLATION = "this-installation";

    private static final class Shared {
        static final PGSimpleDataSource DATABASE = migrated();
    }

    private TestBridges() {}

    private static PGSimpleDataSource migrated() {
        Server server = Backends.chosen().postgres();
        String url = "jdbc:postgresql://" + server.address() + "/postgres?user=postgres";
        Schema.migrate(url, "postgres", "");
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url);
        return database;
    }

    /** Settings with short times; messages out of order are waited for until they come. */
    static BridgeSettings settings(@Nullable Path tokens) {
        return new BridgeSettings(
                Duration.ofMillis(20),
                Duration.ZERO,
                100,
                Duration.ofMinutes(5),
                32,
                Duration.ofMillis(5),
                Duration.ofMillis(50),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofHours(1),
                65_536,
                tokens);
    }

    static SourceChannels channels(@Nullable Path tokens) {
        return new SourceChannels(settings(tokens), new InstallationHeader(() -> INSTALLATION));
    }

    static DataSource database() {
        return Shared.DATABASE;
    }

    static BridgeTable table() {
        return new BridgeTable(database());
    }

    /** What a process of the workers has. */
    static BridgeRun.Collaborators collaborators() {
        return collaborators(channels(null));
    }

    /** The same with other connections. */
    static BridgeRun.Collaborators collaborators(SourceChannels channels) {
        TestDispatcher.makeTopics();
        BridgeSettings settings = settings(null);
        InstantSource clock = InstantSource.system();
        return new BridgeRun.Collaborators(
                channels,
                table(),
                new BridgeLog(
                        TestBroker.shared().producer(),
                        Namespaces.builtIn(),
                        Resolutions.parse("1s=2d, 1m=90d"),
                        GRACE,
                        settings.appendTimeout(),
                        clock),
                new BridgeMeters(new SimpleMeterRegistry()),
                settings,
                clock);
    }

    /** Sets a bridge, as the copy of the schedules does. */
    static void set(Bridge bridge) throws SQLException {
        JobSchedule schedule = new JobSchedule(
                Bridge.schedule(bridge.name()),
                "* * * * *",
                "UTC",
                MissedPolicy.LAST,
                OverlapPolicy.SKIP,
                "bridges",
                JobTypes.builtIn().of(Bridge.JOB_TYPE).orElseThrow().job(),
                new String(Json.write(bridge), StandardCharsets.UTF_8));
        String definition = new String(
                Json.write(ScheduleSet.of(schedule, new RawValue(schedule.payload()))), StandardCharsets.UTF_8);
        update(
                "insert into schedules (name, definition, changed_at) values (?, ?, now())"
                        + " on conflict (name) do update set definition = excluded.definition",
                schedule.name(),
                definition);
    }

    static void delete(Bridge bridge) throws SQLException {
        update("delete from schedules where name = ?", Bridge.schedule(bridge.name()));
    }

    static void update(String sql, String... parameters) throws SQLException {
        try (Connection connection = Shared.DATABASE.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                update.setString(i + 1, parameters[i]);
            }
            update.executeUpdate();
        }
    }

    /** A column of the rows of a bridge, by what the source calls its metrics. */
    static List<String> column(Bridge bridge, String column) throws SQLException {
        try (Connection connection = Shared.DATABASE.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select " + column + " from bridge_positions where bridge = ? order by remote")) {
            select.setString(1, bridge.name());
            List<String> values = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    values.add(String.valueOf(rows.getString(1)));
                }
            }
            return values;
        }
    }

    /** What the log has of a type under a key. */
    static <T> List<T> events(String topic, String key, String type, Class<T> payload) throws IOException {
        List<T> events = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : TestBroker.shared().records(topic)) {
            String said = new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8);
            if (new String(record.key(), StandardCharsets.UTF_8).equals(key) && said.equals(type)) {
                events.add(Json.read(record.value(), payload));
            }
        }
        return events;
    }

    /** The id of the first metric of a bridge. */
    static UUID metric(Bridge bridge) {
        return bridge.metricId(bridge.metrics().getFirst());
    }

    /** The readings of its first metric that are in the log. */
    static List<MetricReadingCreated> readings(Bridge bridge) throws IOException {
        return events(Topics.READINGS, metric(bridge).toString(), "metric_reading_created", MetricReadingCreated.class);
    }

    /** The gaps that were told on the channel of a resolution of its first metric. */
    static List<SeriesGap> gaps(Bridge bridge, String resolution) throws IOException {
        Channel channel = new Channel(SeriesPoint.channel(metric(bridge), resolution));
        String topic = Namespaces.builtIn().of(channel).orElseThrow().topic();
        return events(topic, channel.name(), SeriesGap.TYPE, SeriesGap.class);
    }

    /** Returns when a metric of a bridge is in a state. */
    static void awaitState(Bridge bridge, String state) {
        Eventually.holds("the state is " + state, () -> column(bridge, "state").contains(state));
    }

    /** Returns when the last reading that a source has made is copied. */
    static void awaitCopied(Bridge bridge, TestSource source) {
        Instant last = source.made().getLast();
        Eventually.holds("the last reading is copied", () -> {
            // Also of a call that has begun meanwhile.
            source.flush();
            return column(bridge, "last_at").stream().anyMatch(at -> !at.equals("null") && time(at).equals(last));
        });
    }

    private static Instant time(String text) {
        return OffsetDateTime.parse(text.replace(' ', 'T').replaceFirst("([+-]\\d\\d)$", "$1:00"))
                .toInstant();
    }
}
