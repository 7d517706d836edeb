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

/** What {@code projections} writes to PostgreSQL about uploads, written by the test when the test wants it. */
public final class UploadProjections {
    private UploadProjections() {}

    /** Copies somebody's uploads as the log has them, and says so. */
    public static void copy(UUID owner) {
        upToDate(owner);
        TestPostgres.shared().update("delete from uploads where owner_id = ?", owner);
        for (ConsumerRecord<byte[], byte[]> record : TestBroker.shared().records(Topics.UPLOADS)) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (FactKeys.owner(key).equals(owner.toString())) {
                UUID id = UUID.fromString(FactKeys.fact(key));
                TestPostgres.shared().update("delete from uploads where id = ?", id);
                if (record.value() != null) {
                    insert(id, owner, json(record.value()));
                }
            }
        }
    }

    /** Says that the copy has all that somebody has written, and will write. */
    public static void upToDate(UUID owner) {
        Projections.moveTo("uploads", Topics.UPLOADS, FactKeys.partition(owner.toString()), Long.MAX_VALUE);
    }

    private static void insert(UUID id, UUID owner, JsonNode data) {
        TestPostgres.shared()
                .update(
                        "insert into uploads values (?, ?, ?, nullif(?, ''), ?, ?, ?, ?)",
                        id,
                        owner,
                        data.path("name").asText(),
                        data.path("declared_type").isNull()
                                ? ""
                                : data.path("declared_type").asText(),
                        data.path("detected_type").asText(),
                        data.path("size").asLong(),
                        data.path("sha256").asText(),
                        OffsetDateTime.parse(data.path("created_at").asText()));
    }

    private static JsonNode json(byte[] value) {
        try {
            return Json.mapper().readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
