package io.tailrace.kit.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.event.Event;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventRecordsTest {
    private static final long RECORD_TIME_MS = 1_700_000_000_000L;

    @Property(tries = 1_000)
    void anEventSurvivesTheLog(@ForAll("events") Event event) {
        ProducerRecord<byte[], byte[]> sent = EventRecords.toRecord("t", null, "key", event);

        EventReading reading = EventRecords.read(received(sent));

        assertThat(reading).isInstanceOfSatisfying(EventReading.Readable.class, readable -> assertThat(readable.event())
                .usingRecursiveComparison()
                .isEqualTo(event));
    }

    @Test
    void aRecordWithoutValueIsATombstone() {
        var record = record("user-1".getBytes(UTF_8), null, new RecordHeaders());

        assertThat(EventRecords.read(record)).isEqualTo(new EventReading.Tombstone("user-1"));
    }

    @Test
    void aRecordWithoutKeyAndValueIsUnreadable() {
        var record = record(null, null, new RecordHeaders());

        assertThat(EventRecords.read(record)).isEqualTo(new EventReading.Unreadable("neither key nor value"));
    }

    @ParameterizedTest
    @CsvSource({
        "ce_specversion, , header ce_specversion is missing",
        "ce_id, , header ce_id is missing",
        "ce_type, , header ce_type is missing",
        "ce_source, , header ce_source is missing",
        "ce_specversion, 0.3, 'ce_specversion is \"0.3\", expected 1.0'",
        "ce_time, yesterday, 'ce_time is \"yesterday\", expected an RFC 3339 time'",
        "ce_type, 'a b', 'type \"a b\" is not of the grammar of types'",
    })
    void aFaultyHeaderIsNamed(String header, @Nullable String value, String reason) {
        var record = received(EventRecords.toRecord("t", null, "key", event("{}")));
        record.headers().remove(header);
        if (value != null) {
            record.headers().add(header, value.getBytes(UTF_8));
        }

        assertThat(EventRecords.read(record)).isEqualTo(new EventReading.Unreadable(reason));
    }

    @Test
    void aHeaderThatIsNotUtf8IsUnreadable() {
        var record = received(EventRecords.toRecord("t", null, "key", event("{}")));
        record.headers().remove(Event.HEADER_ID).add(Event.HEADER_ID, new byte[] {(byte) 0xc3, 0x28});

        assertThat(EventRecords.read(record)).isEqualTo(new EventReading.Unreadable("header ce_id is not UTF-8"));
    }

    @Test
    void aLineBreakInAHeaderIsUnreadable() {
        var record = received(EventRecords.toRecord("t", null, "key", event("{}")));
        record.headers().remove(Event.HEADER_ID).add(Event.HEADER_ID, "a\nevent: b".getBytes(UTF_8));

        assertThat(EventRecords.read(record))
                .isEqualTo(new EventReading.Unreadable("id, source or subject has a control character"));
    }

    @Test
    void anEventWithoutTimeGetsTheRecordsTime() {
        var record = received(EventRecords.toRecord("t", null, "key", event("{}")));
        record.headers().remove(Event.HEADER_TIME);

        assertThat(EventRecords.read(record))
                .isInstanceOfSatisfying(EventReading.Readable.class, readable -> assertThat(
                                readable.event().time())
                        .isEqualTo(Instant.ofEpochMilli(RECORD_TIME_MS)));
    }

    @Test
    void dataOnTwoLinesIsNeitherWrittenNorRead() {
        Event event = event("{\n}");
        var record = received(EventRecords.toRecord("t", null, "key", event("{}")));
        var twoLines = record(record.key(), event.data(), record.headers());

        assertThatThrownBy(() -> EventRecords.toRecord("t", null, "key", event))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("event 1: data is not on one line");
        assertThat(EventRecords.read(twoLines)).isEqualTo(new EventReading.Unreadable("data is not on one line"));
    }

    @Test
    void aDeadLetterKeepsTheRecordAndSaysWhereItCameFromAndWhy() {
        var original = received(EventRecords.toRecord("t", null, "key", event("{}")));

        ProducerRecord<byte[], byte[]> letter = DeadLetters.of(original, "projections/users", "no such thing");

        assertThat(letter.topic()).isEqualTo("tailrace.dead-letters");
        assertThat(letter.key()).isEqualTo("t-3@42/projections/users".getBytes(UTF_8));
        assertThat(header(letter, DeadLetters.HEADER_KEY)).contains("key");
        assertThat(letter.value()).isEqualTo(original.value());
        assertThat(header(letter, "ce_id")).contains("1");
        assertThat(header(letter, DeadLetters.HEADER_TOPIC)).contains("t");
        assertThat(header(letter, DeadLetters.HEADER_PARTITION)).contains("3");
        assertThat(header(letter, DeadLetters.HEADER_OFFSET)).contains("42");
        assertThat(header(letter, DeadLetters.HEADER_CONSUMER)).contains("projections/users");
        assertThat(header(letter, DeadLetters.HEADER_REASON)).contains("no such thing");
    }

    @Provide
    Arbitrary<Event> events() {
        Arbitrary<String> words = Arbitraries.strings()
                .filter(s -> !s.isEmpty() && encodable(s) && s.chars().noneMatch(Character::isISOControl));
        Arbitrary<String> types =
                Arbitraries.strings().withChars("abcXYZ019_.:-").ofMaxLength(20).map(s -> "t" + s);
        Arbitrary<Instant> times =
                Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli);
        return Combinators.combine(words, types, words, times, words.injectNull(0.2), words)
                .as((id, type, source, time, subject, data) ->
                        new Event(id, type, source, time, subject, data.getBytes(UTF_8)));
    }

    private static boolean encodable(String text) {
        return UTF_8.newEncoder().canEncode(text);
    }

    private static Event event(String data) {
        return new Event("1", "thing_happened", "/test", Instant.EPOCH, "key", data.getBytes(UTF_8));
    }

    private static Optional<String> header(ProducerRecord<byte[], byte[]> record, String name) {
        return Optional.ofNullable(record.headers().lastHeader(name)).map(header -> new String(header.value(), UTF_8));
    }

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent) {
        return record(sent.key(), sent.value(), sent.headers());
    }

    @SuppressWarnings("NullAway") // Kafka's constructor takes null keys and values.
    private static ConsumerRecord<byte[], byte[]> record(
            byte @Nullable [] key, byte @Nullable [] value, org.apache.kafka.common.header.Headers headers) {
        return new ConsumerRecord<>(
                "t", 3, 42, RECORD_TIME_MS, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
    }
}
