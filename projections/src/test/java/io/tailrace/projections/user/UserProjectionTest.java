package io.tailrace.projections.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserProjectionTest {
    private static final UUID ID = UUID.fromString("01890000-0000-7000-8000-00000000000a");
    private static final UserRegistered ADA =
            new UserRegistered(ID, "ada@example.org", "Ada", null, Instant.parse("2026-01-02T03:04:05.123456Z"));

    private final UserProjection projection = new UserProjection();

    @Test
    void aRegistrationPutsTheUser() {
        assertThat(projection.read(fact("user_registered", Json.write(ADA))))
                .isEqualTo(new ParsedRecord.Changes<>(new UserChange.Put(ADA)));
    }

    @Test
    void aTombstoneErasesTheUser() {
        assertThat(projection.read(new LogEntry.Tombstone(ID.toString())))
                .isEqualTo(new ParsedRecord.Changes<>(new UserChange.Erase(ID)));
    }

    @Test
    void aFieldOfALaterVersionIsNoTrouble() {
        String json = new String(Json.write(ADA), StandardCharsets.UTF_8).replace("{", "{\"pronouns\":\"she\",");
        assertThat(projection.read(fact("user_registered", json.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(new ParsedRecord.Changes<>(new UserChange.Put(ADA)));
    }

    @Test
    void aTypeOfALaterVersionIsIgnored() {
        assertThat(projection.read(fact("user_renamed", "{}".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(new ParsedRecord.Ignored<>());
    }

    @Test
    void aTombstoneOfNobodyIsPoison() {
        assertThat(projection.read(new LogEntry.Tombstone("42"))).isEqualTo(poison("key: \"42\", expected a UUID"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    nonsense | data: not JSON: Unrecognized token 'nonsense': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')
                    [] | data: not a JSON object
                    {} | id: missing, expected a string
                    {"id":7} | id: "7", expected a string
                    {"id":"1-1-1-1-1"} | id: "1-1-1-1-1", expected a UUID
                    {"id":"01890000-0000-7000-8000-00000000000b"} | id: 01890000-0000-7000-8000-00000000000b, expected 01890000-0000-7000-8000-00000000000a as in the key
                    {"id":"01890000-0000-7000-8000-00000000000a","email":"a\\u0000b"} | email: holds U+0000, which no store can keep
                    {"id":"01890000-0000-7000-8000-00000000000a","email":"e","name":"n","created_at":"yesterday"} | created_at: "yesterday", expected a time as of RFC 3339
                    """)
    void aPayloadThatIsNoUserIsPoisonWithItsReason(String json, String reason) {
        assertThat(projection.read(fact("user_registered", json.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(poison(reason));
    }

    private static ParsedRecord<UserChange> poison(String reason) {
        return new ParsedRecord.Poison<>(reason);
    }

    private static LogEntry fact(String type, byte[] data) {
        return new LogEntry.Fact(ID.toString(), new Event("e1", type, "/test", Instant.EPOCH, null, data));
    }
}
