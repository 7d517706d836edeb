package io.tailrace.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.tailrace.contracts.channel.KeyPartition;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.Follow;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.Show;
import io.tailrace.contracts.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The seeds are rows that skip the services' validation, so they are checked here as strictly. */
@Tag("server")
class SeedsTest {
    private static final String PASSWORD = "tailrace-demo";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static List<Account> accounts = List.of();
    private static List<OutboxRow> rows = List.of();

    private record Account(UUID id, String email, String emailKey, String name, @Nullable String phone, String hash) {}

    private record OutboxRow(
            UUID eventId,
            String topic,
            @Nullable Integer partition,
            String recordKey,
            String type,
            String subject,
            Instant time,
            String data) {
        <T> T payload(Class<T> type) {
            try {
                return JSON.readValue(data, type);
            } catch (JsonProcessingException e) {
                throw new AssertionError(data, e);
            }
        }
    }

    private static final Map<String, Class<?>> PAYLOADS = Map.of(
            EventTypes.USER_REGISTERED, UserRegistered.class,
            EventTypes.USER_FOLLOWED, Follow.class,
            EventTypes.POST_PUBLISHED, PostPublished.class,
            SeatEvents.SHOW_CREATED, Show.class);

    @BeforeAll
    static void applySchemaAndSeeds() throws SQLException {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        assertThat(Cli.run(database, "-dir", "../migrations", "up").err()).isEmpty();
        assertThat(Cli.run(database, "-dir", "../seeds", "up").err()).isEmpty();
        try (Connection connection = TestPostgres.connect(database);
                Statement statement = connection.createStatement()) {
            accounts = accounts(statement);
            rows = outbox(statement);
        }
    }

    @Test
    void everyPasswordIsTheDocumentedOneInArgon2id() {
        assertThat(accounts).hasSize(6).allSatisfy(account -> assertThat(account.hash())
                .startsWith("$argon2id$v=19$m=19456,t=2,p=1$")
                .isEqualTo(phc(PASSWORD, salt(account.hash()))));
        assertThat(accounts).extracting(Account::hash).doesNotHaveDuplicates();
    }

    @Test
    void everyAccountHasItsEvent() {
        List<Account> announced = rows.stream()
                .filter(row -> row.type().equals(EventTypes.USER_REGISTERED))
                .map(row -> row.payload(UserRegistered.class))
                .map(u -> new Account(u.id(), u.email(), u.email().toLowerCase(Locale.ROOT), u.name(), u.phone(), ""))
                .toList();

        assertThat(announced)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("hash")
                .containsExactlyElementsOf(accounts);
    }

    @Test
    void everyEventIsOnItsTopicUnderItsKeyAndInItsPartition() {
        assertThat(rows).hasSizeGreaterThan(30).allSatisfy(row -> {
            switch (row.type()) {
                case EventTypes.USER_REGISTERED -> {
                    UserRegistered user = row.payload(UserRegistered.class);
                    assertPlace(row, Topics.USERS, user.id().toString(), null, user.createdAt());
                }
                case EventTypes.USER_FOLLOWED -> {
                    Follow follow = row.payload(Follow.class);
                    byte[] followee = follow.followeeId().toString().getBytes(StandardCharsets.UTF_8);
                    assertPlace(
                            row,
                            Topics.FOLLOWS,
                            follow.followeeId() + "/" + follow.followerId(),
                            KeyPartition.of(followee, Topics.FACT_PARTITIONS),
                            follow.at());
                }
                case EventTypes.POST_PUBLISHED -> {
                    PostPublished post = row.payload(PostPublished.class);
                    assertPlace(row, Topics.POSTS, post.authorId().toString(), null, post.createdAt());
                    assertVersion7(post.id(), post.createdAt());
                }
                case SeatEvents.SHOW_CREATED -> {
                    Show show = row.payload(Show.class);
                    assertPlace(row, Topics.SHOWS, show.id().toString(), null, row.time());
                    assertVersion7(show.id(), row.time());
                    assertThat(accounts)
                            .extracting(account -> account.id().toString())
                            .contains(show.organizerId());
                }
                default -> throw new AssertionError("no seed has the type " + row.type());
            }
        });
    }

    @Test
    void everyPayloadIsAsTheServicesWriteIt() {
        assertThat(rows).allSatisfy(row -> {
            Class<?> type = PAYLOADS.getOrDefault(row.type(), Object.class);
            assertThat(row.data()).isEqualTo(JSON.writeValueAsString(row.payload(type)));
        });
    }

    @Test
    void everyFollowAndPostIsOfPeopleWhoExist() {
        Set<UUID> people = new HashSet<>();
        accounts.forEach(account -> people.add(account.id()));

        assertThat(payloads(EventTypes.USER_FOLLOWED, Follow.class))
                .allSatisfy(f -> assertThat(people).contains(f.followerId(), f.followeeId()))
                .noneMatch(f -> f.followerId().equals(f.followeeId()))
                .extracting(f -> f.followerId() + " " + f.followeeId())
                .doesNotHaveDuplicates();
        assertThat(payloads(EventTypes.POST_PUBLISHED, PostPublished.class))
                .hasSize(12)
                .allMatch(post -> people.contains(post.authorId()));
    }

    private static void assertPlace(
            OutboxRow row, String topic, String key, @Nullable Integer partition, Instant time) {
        assertThat(row.topic()).isEqualTo(topic);
        assertThat(row.recordKey()).isEqualTo(key);
        assertThat(row.subject()).isEqualTo(key);
        assertThat(row.partition()).isEqualTo(partition);
        assertThat(row.time()).isEqualTo(time);
        assertVersion7(row.eventId(), time);
    }

    private static void assertVersion7(UUID id, Instant time) {
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(time.toEpochMilli());
    }

    private static <T> List<T> payloads(String eventType, Class<T> type) {
        return rows.stream()
                .filter(row -> row.type().equals(eventType))
                .map(row -> row.payload(type))
                .toList();
    }

    /** The PHC string form, {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. */
    private static String phc(String password, byte[] salt) {
        Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(19_456)
                .withIterations(2)
                .withParallelism(1)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[32];
        argon2.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=19456,t=2,p=1$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    private static byte[] salt(String phc) {
        byte[] salt = Base64.getDecoder().decode(phc.split("\\$", -1)[4]);
        assertThat(salt).hasSize(16);
        return salt;
    }

    private static List<Account> accounts(Statement statement) throws SQLException {
        List<Account> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery("select * from accounts order by id")) {
            while (row.next()) {
                found.add(new Account(
                        row.getObject("id", UUID.class),
                        row.getString("email"),
                        row.getString("email_key"),
                        row.getString("name"),
                        row.getString("phone"),
                        row.getString("password_hash")));
            }
        }
        return found;
    }

    private static List<OutboxRow> outbox(Statement statement) throws SQLException {
        List<OutboxRow> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery("select * from outbox order by id")) {
            while (row.next()) {
                found.add(new OutboxRow(
                        row.getObject("event_id", UUID.class),
                        row.getString("topic"),
                        row.getObject("partition", Integer.class),
                        row.getString("record_key"),
                        row.getString("type"),
                        row.getString("subject"),
                        row.getObject("time", OffsetDateTime.class).toInstant(),
                        row.getString("data")));
            }
        }
        return found;
    }
}
