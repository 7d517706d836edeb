package io.tailrace.search.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SearchIndexTest {
    private static final UUID ID = UUID.fromString("01890000-0000-7000-8000-00000000000a");
    private static final UUID OTHER = UUID.fromString("01890000-0000-7000-8000-00000000000b");
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private static final UserRegistered ADA = new UserRegistered(ID, "ada@example.org", "Ada", "+44", AT);
    private static final PostPublished POST = new PostPublished(OTHER, ID, "Hello", AT);

    private final UserIndex users = new UserIndex();
    private final PostIndex posts = new PostIndex();
    private final ShowIndex shows = new ShowIndex();

    @Test
    void aRegistrationIsADocument() {
        // when
        ParsedRecord<DocumentChange> reading = users.read(fact(ID, "user_registered", Json.write(ADA)));

        // then
        assertThat(reading)
                .isEqualTo(new ParsedRecord.Changes<>(new DocumentChange.Put(
                        ID,
                        Map.of(
                                "id", ID.toString(),
                                "email", "ada@example.org",
                                "name", "Ada",
                                "phone", "+44",
                                "created_at", "2026-01-02T03:04:05Z"))));
        assertThat(form(users, reading)).isSubsetOf(properties(users));
    }

    @Test
    void aPostIsADocumentUnderItsOwnId() {
        // when
        ParsedRecord<DocumentChange> reading = posts.read(fact(ID, "post_published", Json.write(POST)));

        // then
        assertThat(reading)
                .isEqualTo(new ParsedRecord.Changes<>(new DocumentChange.Put(
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
        assertThat(form(posts, reading)).isSubsetOf(properties(posts));
    }

    @Test
    void aTombstoneDeletesThePersonOrThePostAndTheEndOfAnOldKeyOfPostsIsIgnored() {
        LogEntry tombstone = new LogEntry.Tombstone(ID.toString());
        assertThat(users.read(tombstone)).isEqualTo(new ParsedRecord.Changes<>(new DocumentChange.Delete(ID)));
        assertThat(posts.read(new LogEntry.Tombstone(ID + "/" + OTHER)))
                .isEqualTo(new ParsedRecord.Changes<>(new DocumentChange.Delete(OTHER)));
        assertThat(posts.read(tombstone)).isEqualTo(new ParsedRecord.Ignored<>());
        assertThat(posts.read(new LogEntry.Tombstone(ID + "/42"))).isInstanceOf(ParsedRecord.Poison.class);
    }

    @Test
    void aPostWithAKeyOfItsOwnIsTheSameDocument() {
        Event event = new Event("e1", "post_published", "/test", AT, null, Json.write(POST));
        assertThat(posts.read(new LogEntry.Fact(ID + "/" + OTHER, event)))
                .isEqualTo(posts.read(new LogEntry.Fact(ID.toString(), event)));
        assertThat(posts.read(new LogEntry.Fact(ID + "/" + ID, event))).isInstanceOf(ParsedRecord.Poison.class);
    }

    @Test
    void aPayloadOfAnotherKeyIsPoison() {
        assertThat(users.read(fact(OTHER, "user_registered", Json.write(ADA)))).isInstanceOf(ParsedRecord.Poison.class);
        assertThat(posts.read(fact(OTHER, "post_published", Json.write(POST)))).isInstanceOf(ParsedRecord.Poison.class);
    }

    @Test
    void typesOfLaterVersionsAreIgnored() {
        byte[] nothing = "{}".getBytes(StandardCharsets.UTF_8);
        assertThat(users.read(fact(ID, "user_renamed", nothing))).isEqualTo(new ParsedRecord.Ignored<>());
        assertThat(posts.read(fact(ID, "post_edited", nothing))).isEqualTo(new ParsedRecord.Ignored<>());
    }

    @Test
    void aShowIsADocumentWithoutItsSeats() {
        // given
        Show show = new Show(
                OTHER,
                "somebody",
                "Hamlet",
                AT.plusSeconds(60),
                List.of(new Section("A", 1, 2, BigDecimal.TEN)),
                5,
                9,
                2);

        // when
        ParsedRecord<DocumentChange> reading = shows.read(fact(OTHER, "show_created", Json.write(show)));

        // then
        assertThat(reading)
                .isEqualTo(new ParsedRecord.Changes<>(new DocumentChange.Put(
                        OTHER,
                        Map.of(
                                "id",
                                OTHER.toString(),
                                "organizer_id",
                                "somebody",
                                "name",
                                "Hamlet",
                                "starts_at",
                                "2026-01-02T03:05:05Z",
                                "created_at",
                                "2026-01-02T03:04:05Z"))));
        assertThat(form(shows, reading)).isSubsetOf(properties(shows));
        assertThat(shows.read(new LogEntry.Tombstone(ID.toString()))).isInstanceOf(ParsedRecord.Poison.class);
    }

    @Test
    void aServerWithATypeForPartsIsSentNoPieces() {
        // given
        Map<String, @Nullable Object> fields = Map.of("phone", "+44 20", "name", "Ada");

        // when
        Map<String, @Nullable Object> form = DocumentForm.of(users, fields, PartStyle.WILDCARD);

        // then
        assertThat(form)
                .containsOnlyKeys("phone", "phone_folded", "name", "name_folded", "phone_digits")
                .containsEntry("phone_digits", "4420");
        JsonNode properties = users.template(PartStyle.WILDCARD).at("/mappings/properties");
        assertThat(properties.fieldNames()).toIterable().noneMatch(name -> name.endsWith("_grams"));
        assertThat(properties.at("/phone/fields/parts/type").textValue()).isEqualTo("wildcard");
        assertThat(users.template(PartStyle.GRAMS).toString()).doesNotContain("wildcard", "@");
    }

    private static Set<String> form(SearchIndex index, ParsedRecord<DocumentChange> reading) {
        DocumentChange change = ((ParsedRecord.Changes<DocumentChange>) reading).change();
        return DocumentForm.of(index, ((DocumentChange.Put) change).fields(), PartStyle.GRAMS)
                .keySet();
    }

    private static Set<String> properties(SearchIndex index) {
        JsonNode mappings = index.template(PartStyle.GRAMS).path("mappings");
        assertThat(mappings.path("dynamic").textValue()).isEqualTo("strict");
        Set<String> names = new HashSet<>();
        mappings.path("properties").fieldNames().forEachRemaining(names::add);
        assertThat(index.fields()).allSatisfy(field -> {
            assertThat(names).contains(field.name());
            if (field.kind().hasParts()) {
                assertThat(names).contains(field.grams());
                field.casedGrams().ifPresent(column -> assertThat(names).contains(column));
            }
        });
        return names;
    }

    private static LogEntry fact(UUID key, String type, byte[] data) {
        return new LogEntry.Fact(key.toString(), new Event("e1", type, "/test", AT, null, data));
    }
}
