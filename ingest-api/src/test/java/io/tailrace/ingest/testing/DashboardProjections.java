package io.tailrace.ingest.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What {@code projections} writes to PostgreSQL about dashboards, written by the test when the test wants it. */
public final class DashboardProjections {
    private DashboardProjections() {}

    /** Copies somebody's dashboards as the log has them, and says so. */
    public static void copy(UUID owner) {
        upToDate(owner);
        TestPostgres.shared().update("delete from dashboards where owner_id = ?", owner);
        for (ConsumerRecord<byte[], byte[]> record : TestBroker.shared().records(Topics.DASHBOARDS)) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (FactKeys.owner(key).equals(owner.toString())) {
                UUID id = UUID.fromString(FactKeys.fact(key));
                TestPostgres.shared().update("delete from dashboards where id = ?", id);
                if (record.value() != null) {
                    insert(id, owner, record.value());
                }
            }
        }
    }

    /** Says that the copy has all that somebody has written, and will write. */
    public static void upToDate(UUID owner) {
        Projections.moveTo("dashboards", Topics.DASHBOARDS, FactKeys.partition(owner.toString()), Long.MAX_VALUE);
    }

    private static void insert(UUID id, UUID owner, byte[] value) {
        JsonNode data = json(value);
        TestPostgres.shared()
                .update(
                        "insert into dashboards values (?, ?, ?, ?, ?, nullif(?, ''), ?, ?)",
                        id,
                        owner,
                        data.path("name").asText(),
                        data.path("range").asText(),
                        data.path("panels").toString(),
                        data.path("link").isNull() ? "" : data.path("link").asText(),
                        OffsetDateTime.parse(data.path("created_at").asText()),
                        OffsetDateTime.parse(data.path("changed_at").asText()));
    }

    private static JsonNode json(byte[] value) {
        try {
            return Json.mapper().readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
