package io.tailrace.dispatcher.poison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.dispatcher.ProductionConfig;
import io.tailrace.dispatcher.channel.ByteNodes;
import io.tailrace.dispatcher.channel.ChannelEvent;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.Harness;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProductionExceptionHandler.Result;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.internals.DefaultErrorHandlerContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** The exception handlers, on a topology with the step of production and an application that fails. */
class SecondNetTest {
    private static final String FACTS = "facts";
    private static final String CHANNEL = "channel";

    private record Named(Event event) implements Fact {
        @Override
        public String derivedId() {
            return event.id();
        }
    }

    @Test
    void a_record_that_fails_half_way_fails_its_transaction_and_is_a_dead_letter_without_effect_the_next_time() {
        RefusedEvents memory = new RefusedEvents();
        TestRecord<byte[], byte[]> poisoned = fact("poison");
        try (Harness harness = harness(new IllegalStateException("a bug"), memory)) {
            var facts = harness.input(FACTS);

            // What it has forwarded by then is in a transaction that this aborts.
            assertThatThrownBy(() -> facts.pipeInput(poisoned)).isInstanceOf(StreamsException.class);

            assertThat(harness.deadLetters()).isEmpty();
        }
        try (Harness harness = harness(new IllegalStateException("a bug"), memory)) {
            var facts = harness.input(FACTS);

            facts.pipeInput(poisoned);
            facts.pipeInput(fact("sound"));

            var letters = harness.deadLetters();
            assertThat(letters).hasSize(1);
            assertThat(Facts.header(letters.getFirst(), "dead_letter_key")).isEqualTo(Facts.text(poisoned.key()));
            assertThat(letters.getFirst().value()).isEqualTo(poisoned.value());
            assertThat(Facts.header(letters.getFirst(), "ce_id")).isEqualTo(Facts.header(poisoned, "ce_id"));
            assertThat(Facts.header(letters.getFirst(), "dead_letter_kind")).isEqualTo("processing");
            assertThat(Facts.header(letters.getFirst(), "dead_letter_reason")).contains("a bug");
            assertThat(Facts.header(letters.getFirst(), "dead_letter_topic")).isEqualTo(FACTS);
            assertThat(Facts.header(letters.getFirst(), "dead_letter_offset")).isEqualTo("0");
            assertThat(harness.heard()).extracting(Poison::kind).containsExactly(Poison.Kind.PROCESSING);
            assertThat(harness.output(CHANNEL).readRecordsToList())
                    .as("only the sound record has had an effect")
                    .hasSize(1);
        }
    }

    @Test
    void a_fault_of_a_store_is_not_blamed_on_the_record() {
        RefusedEvents memory = new RefusedEvents();
        try (Harness harness = harness(new InvalidStateStoreException("closed"), memory)) {
            var facts = harness.input(FACTS);

            assertThatThrownBy(() -> facts.pipeInput(fact("poison"))).isInstanceOf(StreamsException.class);

            assertThat(harness.heard()).isEmpty();
            assertThat(memory.failure(FACTS, 0, 0)).isNull();
        }
    }

    @Test
    void an_event_that_a_broker_refused_is_a_dead_letter_the_next_time() {
        RefusedEvents refused = new RefusedEvents();
        TestRecord<byte[], byte[]> large = fact("sound");
        RefusalHandler handler = new RefusalHandler();
        handler.configure(Map.of(RefusedEvents.CONFIG, refused));
        var derived = new ProducerRecord<>(CHANNEL, null, large.key(), large.value(), large.headers());

        var response = handler.handleError(context(), derived, new RecordTooLargeException("too large"));

        assertThat(response.result()).isEqualTo(Result.FAIL);
        try (Harness harness = harness(new IllegalStateException(), refused)) {
            harness.input(FACTS).pipeInput(large);
            var letters = harness.deadLetters();
            assertThat(letters).hasSize(1);
            assertThat(Facts.header(letters.getFirst(), "dead_letter_kind")).isEqualTo("production");
            assertThat(Facts.header(letters.getFirst(), "dead_letter_reason")).contains("too large");
            assertThat(harness.output(CHANNEL).readRecordsToList()).isEmpty();
        }
    }

    @Test
    void a_passing_fault_of_a_broker_is_tried_again_and_not_remembered() {
        RefusedEvents refused = new RefusedEvents();
        RefusalHandler handler = new RefusalHandler();
        handler.configure(Map.of(RefusedEvents.CONFIG, refused));
        TestRecord<byte[], byte[]> fact = fact("sound");
        var derived = new ProducerRecord<>(CHANNEL, null, fact.key(), fact.value(), fact.headers());

        var response = handler.handleError(context(), derived, new NetworkException("gone"));

        assertThat(response.result()).isEqualTo(Result.RETRY);
        assertThat(refused.reason(Facts.header(fact, "ce_id"))).isNull();
    }

    @Test
    void refusals_are_remembered_up_to_a_bound() {
        RefusedEvents refused = new RefusedEvents();

        for (int i = 0; i <= RefusedEvents.MAX_EVENTS; i++) {
            refused.refuse("event-" + i, "reason");
        }

        assertThat(refused.reason("event-0")).isNull();
        assertThat(refused.reason("event-1")).isEqualTo("reason");
    }

    private static Harness harness(RuntimeException fault, RefusedEvents refused) {
        var config = ProductionConfig.of("tailrace-test-v1");
        config.put(RefusedEvents.CONFIG, refused);
        return new Harness(topology(fault), config);
    }

    private static Topology topology(RuntimeException fault) {
        FactReader reader = new FactReader(10_000, 1);
        Topology topology = new Topology();
        ByteNodes.source(topology, "facts-source", FACTS);
        topology.addProcessor(
                "step",
                () -> new FactProcessor<>(
                        record -> new Named(reader.event(record)), Harness.FORM, context -> (fact, timestampMs) -> {
                            context.forward(new ChannelEvent(fact.event(), timestampMs).to("c"), "channel-sink");
                            if (Facts.text(fact.event().data()).contains("poison")) {
                                throw fault;
                            }
                        }),
                "facts-source");
        ByteNodes.sink(topology, "channel-sink", CHANNEL, "step");
        ByteNodes.sink(topology, FactProcessor.DEAD_LETTERS_SINK, Harness.FORM.topic(), "step");
        return topology;
    }

    private static TestRecord<byte[], byte[]> fact(String text) {
        return Facts.record("key", Facts.event(EventTypes.POST_PUBLISHED, text + UUID.randomUUID()));
    }

    private static DefaultErrorHandlerContext context() {
        return new DefaultErrorHandlerContext(
                null, FACTS, 0, 0, new RecordHeaders(), "step", new TaskId(0, 0), 0, null, null);
    }
}
