package io.tailrace.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.contracts.event.Event;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class PublishTest {
    private final String room = "chat:" + UUID.randomUUID();
    private final Http publisher = TestIngest.shared().with(TestKeys.shared().publisher("chat:*"));

    @Test
    void an_event_is_in_its_channels_partition_when_it_is_answered() {
        Http.Answer answer = publisher.post(
                "/channels/" + room + "/events",
                """
                {"type": "said", "data": {"text": "hello\\nworld",
                  "n": 1.50}}""");

        assertThat(answer.status()).isEqualTo(202);
        ConsumerRecord<byte[], byte[]> record = only(records(room));
        Event event = event(record);
        assertThat(event.id()).isEqualTo(answer.body().at("/events/0/id").asText());
        assertThat(UUID.fromString(event.id()).version()).isEqualTo(7);
        assertThat(event.type()).isEqualTo("said");
        assertThat(event.subject()).isEqualTo(room);
        assertThat(new String(event.data(), StandardCharsets.UTF_8))
                .isEqualTo("{\"text\":\"hello\\nworld\",\"n\":1.50}");
        assertThat(record.partition()).isEqualTo(new Channel(room).partition(6));
    }

    @Test
    void the_position_is_the_cursor_after_the_event() {
        Http.Answer answer = publisher.post("/channels/" + room + "/events", "{\"type\": \"said\", \"data\": 1}");

        ConsumerRecord<byte[], byte[]> record = only(records(room));
        Cursor cursor = cursor(answer.body().at("/events/0/position"));
        Cursor.TopicPosition topic = cursor.topics().getFirst();
        assertThat(topic.namespace()).isEqualTo(namespaceNumber());
        assertThat(topic.partitions())
                .containsExactly(new Cursor.PartitionPosition(
                        record.partition(), record.offset() + 1, Cursor.NO_EPOCH, Cursor.Members.of(room), List.of()));
    }

    @Test
    void the_events_of_an_array_are_in_the_log_in_its_order() {
        String events = String.join(
                ",",
                IntStream.range(0, 500)
                        .mapToObj(i -> "{\"type\": \"counted\", \"data\": " + i + "}")
                        .toList());

        Http.Answer answer = publisher.post("/channels/" + room + "/events", "[" + events + "]");

        assertThat(answer.status()).isEqualTo(202);
        List<Event> logged = records(room).stream().map(PublishTest::event).toList();
        assertThat(logged)
                .extracting(event -> new String(event.data(), StandardCharsets.UTF_8))
                .containsExactlyElementsOf(
                        IntStream.range(0, 500).mapToObj(Integer::toString).toList());
        assertThat(logged)
                .extracting(Event::id)
                .containsExactlyElementsOf(answer.body().path("events").findValuesAsText("id"));
        assertThat(answer.body().path("events").findValuesAsText("id")).isSorted();
    }

    @Test
    void a_publisher_may_choose_the_id() {
        Http.Answer answer = publisher.post(
                "/channels/" + room + "/events", "{\"type\": \"said\", \"data\": null, \"id\": \"my/1\"}");

        assertThat(answer.body().at("/events/0/id").asText()).isEqualTo("my/1");
        assertThat(event(only(records(room))).id()).isEqualTo("my/1");
    }

    @Test
    void without_a_token_it_is_401_and_without_a_grant_403() {
        String body = "{\"type\": \"said\", \"data\": 1}";

        Http.Answer anonymous = TestIngest.shared().anonymous().post("/channels/" + room + "/events", body);
        Http.Answer foreign = publisher.post("/channels/logs:a:b/events", body);

        assertThat(anonymous.status()).isEqualTo(401);
        assertThat(foreign.status()).isEqualTo(403);
        assertThat(foreign.problem()).isEqualTo("forbidden");
        assertThat(records(room)).isEmpty();
    }

    @Test
    void nobody_publishes_on_the_channels_of_the_dispatcher() {
        Http all = TestIngest.shared().with(TestKeys.shared().publisher("**"));

        Http.Answer answer = all.post("/channels/feed:" + UUID.randomUUID() + "/events", "{\"type\":\"x\",\"data\":1}");

        assertThat(answer.status()).isEqualTo(403);
    }

    @Test
    void an_undeclared_namespace_is_404() {
        Http.Answer answer = publisher.post("/channels/nowhere:1/events", "{\"type\": \"said\", \"data\": 1}");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.problem()).isEqualTo("undeclared-namespace");
    }

    static List<ConsumerRecord<byte[], byte[]>> records(String channel) {
        String topic = "tailrace.channels." + new Channel(channel).namespace();
        return TestBroker.shared().records(topic).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(channel))
                .toList();
    }

    static Event event(ConsumerRecord<byte[], byte[]> record) {
        return ((EventReading.Readable) EventRecords.read(record)).event();
    }

    private static Cursor cursor(JsonNode text) {
        return ((CursorDecoding.Decoded) CursorCodec.decode(text.asText())).cursor();
    }

    private static int namespaceNumber() {
        return Namespaces.builtIn().of(new Channel("chat:1")).orElseThrow().number();
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.getFirst();
    }
}
