package io.tailrace.search.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.Reading;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SearchIndexTest {
    private static final UUID ID = UUID.fromString("01890000-0000-7000-8000-00000000000a");
    private static final UUID OTHER = UUID.fromString("01890000-0000-7000-8000-00000000000b");
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private static final UserRegistered ADA = new UserRegistered(ID, "ada@example.org", "Ada", "+44", AT);
    private static final PostPublished POST = new PostPublished(OTHER, ID, "Hello", AT);

    private final UserIndex users = new UserIndex();
    private final PostIndex posts = new PostIndex();

    @Test
    void aRegistrationIsADocumentOfEveryMappedField() throws IOException {
        // when
        Reading<DocumentChange> reading = users.read(fact(ID, "user_registered", Json.write(ADA)));

        // then
        assertThat(reading)
                .isEqualTo(new Reading.Changes<>(new DocumentChange.Put(
                        ID,
                        Map.of(
                                "id", ID.toString(),
                                "email", "ada@example.org",
                                "name", "Ada",
                                "phone", "+44",
                                "created_at", "2026-01-02T03:04:05Z"))));
        assertThat(properties(users)).containsExactlyInAnyOrder("id", "email", "name", "phone", "created_at");
    }

    @Test
    void aPostIsADocumentOfEveryMappedFieldUnderItsOwnId() throws IOException {
        // when
        Reading<DocumentChange> reading = posts.read(fact(ID, "post_published", Json.write(POST)));

        // then
        assertThat(reading)
                .isEqualTo(new Reading.Changes<>(new DocumentChange.Put(
                        OTHER,
                        Map.of(
                                "id",
                                OTHER.toString(),
                                "author_id",
                                ID.toString(),
                                "text",
                                "Hello",
                                "created_at",
                                "2026-01-02T03:04:05Z"))));
        assertThat(properties(posts)).containsExactlyInAnyOrder("id", "author_id", "text", "created_at");
    }

    @Test
    void aTombstoneDeletesThePersonAndIsPoisonAmongPosts() {
        LogEntry tombstone = new LogEntry.Tombstone(ID.toString());
        assertThat(users.read(tombstone)).isEqualTo(new Reading.Changes<>(new DocumentChange.Delete(ID)));
        assertThat(posts.read(tombstone)).isInstanceOf(Reading.Poison.class);
    }

    @Test
    void aPayloadOfAnotherKeyIsPoison() {
        assertThat(users.read(fact(OTHER, "user_registered", Json.write(ADA)))).isInstanceOf(Reading.Poison.class);
        assertThat(posts.read(fact(OTHER, "post_published", Json.write(POST)))).isInstanceOf(Reading.Poison.class);
    }

    @Test
    void typesOfLaterVersionsAreIgnored() {
        byte[] nothing = "{}".getBytes(StandardCharsets.UTF_8);
        assertThat(users.read(fact(ID, "user_renamed", nothing))).isEqualTo(new Reading.Ignored<>());
        assertThat(posts.read(fact(ID, "post_edited", nothing))).isEqualTo(new Reading.Ignored<>());
    }

    private static Iterable<String> properties(SearchIndex index) throws IOException {
        JsonNode mappings = Json.mapper().readTree(index.mapping()).get("mappings");
        assertThat(mappings.get("dynamic").textValue()).isEqualTo("strict");
        return () -> mappings.get("properties").fieldNames();
    }

    private static LogEntry fact(UUID key, String type, byte[] data) {
        return new LogEntry.Fact(key.toString(), new Event("e1", type, "/test", AT, null, data));
    }
}
