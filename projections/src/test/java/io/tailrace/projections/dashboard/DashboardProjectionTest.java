package io.tailrace.projections.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.DashboardSaved;
import io.tailrace.contracts.event.Event;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class DashboardProjectionTest {
    private static final UUID OWNER = UUID.fromString("01890000-0000-7000-8000-00000000000a");
    private static final UUID ID = UUID.fromString("01890000-0000-7000-8000-00000000000b");
    private static final String KEY = OWNER + "/" + ID;
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    private final DashboardProjection projection = new DashboardProjection();

    @Test
    void what_is_saved_is_put_as_it_is() {
        DashboardSaved saved = saved("House", "word");

        assertThat(projection.read(fact(KEY, Json.write(saved))))
                .isEqualTo(new ParsedRecord.Changes<>(new DashboardChange.Put(saved)));
    }

    @Test
    void a_tombstone_deletes_it() {
        assertThat(projection.read(new LogEntry.Tombstone(KEY)))
                .isEqualTo(new ParsedRecord.Changes<>(new DashboardChange.Delete(ID)));
    }

    @ParameterizedTest
    @CsvSource({
        "01890000-0000-7000-8000-00000000000a",
        "01890000-0000-7000-8000-00000000000b/01890000-0000-7000-8000-00000000000a",
        "01890000-0000-7000-8000-00000000000a/01890000-0000-7000-8000-00000000000c",
        "x/y"
    })
    void a_key_that_is_not_its_own_is_poison(String key) {
        assertThat(projection.read(fact(key, Json.write(saved("House", null)))))
                .isInstanceOf(ParsedRecord.Poison.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"panels\":[{ | \"panels\":[7,{",
                "\"metrics\":[ | \"metrics\":[7,",
                "\"panels\":[ | \"panels\":{},\"other\":["
            })
    void a_payload_whose_panels_are_none_is_poison(String from, String to) {
        String json = new String(Json.write(saved("House", null)), StandardCharsets.UTF_8);

        assertThat(projection.read(fact(KEY, json.replace(from, to).getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(ParsedRecord.Poison.class);
    }

    @Test
    void the_table_has_the_last_state_of_each_and_none_of_what_is_deleted() throws SQLException {
        TestPostgres.Database database = TestPostgres.shared().database();
        UUID other = UUID.randomUUID();
        DashboardRows rows = new DashboardRows();
        try (Connection connection = database.dataSource().getConnection()) {
            rows.write(
                    connection,
                    List.of(
                            new DashboardChange.Put(saved("House", null)),
                            new DashboardChange.Put(saved("Garden", "word")),
                            new DashboardChange.Put(saved(other, "Street", null))));
            rows.write(
                    connection,
                    List.of(new DashboardChange.Put(saved("Sea", null)), new DashboardChange.Delete(other)));
        }

        assertThat(database.rows("select id, owner_id, name, time_range, link, panels from dashboards"))
                .containsExactly(ID + "|" + OWNER + "|Sea|15m|null|[{\"title\":null,\"metrics\":[\"" + ID
                        + "\"],\"resolution\":\"auto\"}]");
    }

    private static DashboardSaved saved(String name, @Nullable String link) {
        return saved(ID, name, link);
    }

    private static DashboardSaved saved(UUID id, String name, @Nullable String link) {
        return new DashboardSaved(
                id,
                OWNER,
                name,
                "15m",
                List.of(new DashboardSaved.Panel(null, List.of(ID), "auto")),
                link,
                AT,
                AT.plusSeconds(1));
    }

    private static LogEntry fact(String key, byte[] data) {
        return new LogEntry.Fact(key, new Event("e1", "dashboard_saved", "/test", Instant.EPOCH, null, data));
    }
}
