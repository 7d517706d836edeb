package io.tailrace.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.ingest.log.AppendOutcome.Appended;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an attempt that was given up has appended, also if the broker appends it afterwards. */
@Tag("server")
class EarlierAppendsTest {
    private static final String TOPIC = "tailrace.channels.chat";
    private static final LogSettings SETTINGS = new LogSettings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            33_554_432,
            2_000,
            1_048_576,
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));

    private final KafkaSettings kafka = TestBroker.shared().settings();
    private final String room = "chat:" + UUID.randomUUID();
    private final Instant begun = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final AtomicInteger pauses = new AtomicInteger();

    @Test
    void an_event_that_the_broker_appends_after_it_was_looked_for_is_found() {
        OutgoingEvent event = event();
        EarlierAppends earlier = new EarlierAppends(kafka, SETTINGS, () -> {
            pauses.incrementAndGet();
            append(event);
        });

        Map<String, Appended> found = earlier.find(List.of(event), attempt());

        assertThat(found).containsOnlyKeys(event.event().id());
        assertThat(pauses).hasValue(1);
    }

    @Test
    void nobody_waits_for_what_is_there() {
        OutgoingEvent event = event();
        append(event);
        EarlierAppends earlier = new EarlierAppends(kafka, SETTINGS, pauses::incrementAndGet);

        assertThat(earlier.find(List.of(event), attempt()))
                .containsOnlyKeys(event.event().id());
        assertThat(pauses).hasValue(0);
    }

    private Earlier attempt() {
        return new Earlier(begun, begun.plusSeconds(10));
    }

    private OutgoingEvent event() {
        Event event = new Event(
                UUID.randomUUID().toString(),
                "said",
                "/test",
                begun,
                room,
                "\"hello\"".getBytes(StandardCharsets.UTF_8));
        return new OutgoingEvent(TOPIC, 0, room, event);
    }

    private void append(OutgoingEvent event) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var unused = producer.send(event.record());
        }
    }
}
