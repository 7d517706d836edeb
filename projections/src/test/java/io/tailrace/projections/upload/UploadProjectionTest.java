package io.tailrace.projections.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.UploadStored;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Json;
import io.tailrace.projections.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class UploadProjectionTest {
    private static final UUID OWNER = UUID.fromString("01890000-0000-7000-8000-00000000000a");
    private static final UUID ID = UUID.fromString("01890000-0000-7000-8000-00000000000b");
    private static final String KEY = OWNER + "/" + ID;

    private final UploadProjection projection = new UploadProjection();

    @Test
    void what_is_stored_is_put_as_it_is_and_a_tombstone_deletes_it() {
        UploadStored stored = stored(ID, "a.txt");

        assertThat(projection.read(fact(KEY, Json.write(stored))))
                .isEqualTo(new ParsedRecord.Changes<>(new UploadChange.Put(stored)));
        assertThat(projection.read(new LogEntry.Tombstone(KEY)))
                .isEqualTo(new ParsedRecord.Changes<>(new UploadChange.Delete(ID)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01890000-0000-7000-8000-00000000000a",
                "01890000-0000-7000-8000-00000000000b/01890000-0000-7000-8000-00000000000b",
                "01890000-0000-7000-8000-00000000000a/01890000-0000-7000-8000-00000000000c",
                "x/y"
            })
    void a_key_that_is_not_its_own_is_poison(String key) {
        assertThat(projection.read(fact(key, Json.write(stored(ID, "a.txt"))))).isInstanceOf(ParsedRecord.Poison.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "\"7\"", "null", "9223372036854775808"})
    void a_size_that_is_none_is_poison(String size) {
        String json = new String(Json.write(stored(ID, "a.txt")), StandardCharsets.UTF_8)
                .replace("\"size\":7", "\"size\":" + size);

        assertThat(projection.read(fact(KEY, json.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(ParsedRecord.Poison.class);
    }

    @Test
    void the_table_has_the_last_state_of_each_and_none_of_what_is_deleted() throws SQLException {
        TestPostgres.Database database = TestPostgres.shared().database();
        UUID other = UUID.randomUUID();
        UploadRows rows = new UploadRows();
        try (Connection connection = database.dataSource().getConnection()) {
            rows.write(
                    connection,
                    List.of(
                            new UploadChange.Put(stored(ID, "a.txt")),
                            new UploadChange.Put(stored(ID, "b.txt")),
                            new UploadChange.Put(stored(other, "c.txt"))));
            rows.write(connection, List.of(new UploadChange.Put(stored(ID, "d.txt")), new UploadChange.Delete(other)));
        }

        assertThat(database.rows("select id, owner_id, name, declared_type, detected_type, size, sha256 from uploads"))
                .containsExactly(ID + "|" + OWNER + "|d.txt|null|text/plain|7|abc");
    }

    private static UploadStored stored(UUID id, String name) {
        return new UploadStored(id, OWNER, name, null, "text/plain", 7, "abc", Instant.parse("2026-01-02T03:04:05Z"));
    }

    private static LogEntry fact(String key, byte[] data) {
        return new LogEntry.Fact(key, new Event("e1", "upload_stored", "/test", Instant.EPOCH, null, data));
    }
}
