package io.tailrace.edge.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestApiKeys;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.kit.apikey.ApiKeys;
import io.tailrace.kit.security.ErasedPeople;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Changes of streams that reach the stream's edge when what their bearer had is void. The revocation has not found the stream, because it was
 * nobody's until then. The changes are put into the log as the edge writes them that has received them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class VoidBearerTest {
    private static final Pattern CONNECTION_ID = Pattern.compile("\"connection_id\":\"([^\"]+)\"");
    private static final String CLOSING = "{\"reason\":\"admin\",\"reconnect\":true}";

    private final TestBroker broker = TestBroker.shared();
    private final RunningEdge edge = RunningEdge.start();
    private final String open = Numbered.channel("news");
    private final String guarded = "logs:w1:" + UUID.randomUUID();

    @AfterAll
    void stop() {
        edge.close();
    }

    @Test
    void aChangeWithAKeyThatIsRevokedByThenEndsTheStream() throws Exception {
        // given
        String subject = "etl-" + UUID.randomUUID();
        String key = "api-key:" + keyOf(subject);
        TestApiKeys.revoke(subject);
        Eventually.holds("the key is void", () -> !edge.part(ApiKeys.class).knows(key));
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + open);

        // when
        request(client, subject, key);

        // then
        assertThat(client.next("stream.closing").data()).isEqualTo(CLOSING);
        client.awaitEnd();
        assertThat(client.taken()).noneMatch(message -> message.event().equals("stream.channels"));
    }

    @Test
    void aStreamThatHasBecomeTheKeysEndsWithTheKey() throws Exception {
        // given
        String subject = "etl-" + UUID.randomUUID();
        String key = "api-key:" + keyOf(subject);
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + open);
        request(client, subject, key);
        assertThat(client.next("stream.channels").data()).contains("\"added\":[{\"channel\":\"" + guarded);

        // when
        TestApiKeys.revoke(subject);

        // then
        assertThat(client.next("stream.closing").data()).isEqualTo(CLOSING);
        client.awaitEnd();
    }

    @Test
    void aChangeOfSomebodyWhoIsErasedByThenEndsTheStream() throws Exception {
        // given
        String person = UUID.randomUUID().toString();
        broker.producer()
                .send(new ProducerRecord<>(Topics.USERS, person.getBytes(StandardCharsets.UTF_8), null))
                .get();
        Eventually.holds(
                "the erasure is known", () -> edge.part(ErasedPeople.class).isErased(person));
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + open);

        // when
        request(client, person, null);

        // then
        assertThat(client.next("stream.closing").data()).isEqualTo(CLOSING);
        client.awaitEnd();
    }

    /** The id of a new key, which the edge knows. */
    private String keyOf(String subject) {
        var unused = TestApiKeys.make(subject, "--subscribe", "logs:w1:*");
        String id = TestApiKeys.id(subject);
        Eventually.holds("the key is known", () -> edge.part(ApiKeys.class).knows("api-key:" + id));
        return id;
    }

    private void request(SseClient client, String subject, @Nullable String apiKey) throws Exception {
        Matcher id = CONNECTION_ID.matcher(client.next("stream.open").data());
        assertThat(id.find()).isTrue();
        StreamChange.Bearer bearer = new StreamChange.Bearer(
                subject,
                Set.of(),
                List.of("logs:w1:*"),
                Instant.now().plus(Duration.ofHours(1)).toEpochMilli(),
                apiKey);
        edge.part(ControlTopic.class)
                .send(new StreamChange(id.group(1), bearer, List.of(new StreamChange.Added(guarded, null)), List.of()))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }
}
