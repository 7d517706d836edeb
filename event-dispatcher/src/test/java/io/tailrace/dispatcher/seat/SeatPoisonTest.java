package io.tailrace.dispatcher.seat;

import static io.tailrace.dispatcher.seat.SeatHarness.SHOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.dispatcher.poison.DeadLetterForm;
import io.tailrace.dispatcher.testing.Facts;
import java.util.UUID;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be a command or a show becomes a dead letter, and the next command is decided. */
class SeatPoisonTest {
    private static final String IDS = "'command_id':'" + new UUID(7, 7) + "','show_id':'" + SHOW + "'";

    private final SeatHarness seats = new SeatHarness();

    @BeforeEach
    void a_show() {
        seats.create(SeatHarness.show(10, 10));
    }

    @AfterEach
    void close() {
        seats.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "hold_requested|{IDS,'user_id':'ann','seats':['A-1'],'hold_seconds':0}|value",
                "hold_requested|{IDS,'user_id':'ann','seats':[null],'hold_seconds':0}|value",
                "hold_requested|{IDS,'user_id':'ann','hold_seconds':0}|value",
                "hold_requested|{IDS,'seats':['A-1-1'],'hold_seconds':0}|value",
                "hold_requested|{IDS,'user_id':'ann','seats':['A-1-1'],'hold_seconds':9999999999}|value",
                "hold_requested|{'show_id':'x'}|value",
                "hold_requested|[]|value",
                "hold_requested|null|value",
                "confirm_requested|{IDS,'user_id':'ann'}|value",
                "release_requested|{'user_id':'ann'}|value",
                "seats_stolen|{}|unknown_type"
            })
    void a_command_that_cannot_be_one(String type, String json, String kind) {
        String data = json.replace("IDS", IDS).replace('\'', '"');

        seats.input("commands", SHOW.toString(), event(type, data));

        assertThat(seats.harness().deadLetters()).singleElement().satisfies(letter -> assertThat(kind(letter))
                .isEqualTo(kind));
        assertThat(seats.events()).isEmpty();
        assertThat(seats.decide(seats.hold("ann", 0, "A-1-1")).accepted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'hold_seconds':0,'max_hold_seconds':600,'max_seats_per_user':4",
                "'hold_seconds':60,'max_hold_seconds':31536000,'max_seats_per_user':4",
                "'hold_seconds':60,'max_hold_seconds':600,'max_seats_per_user':101",
                "'hold_seconds':60,'max_hold_seconds':600"
            })
    void a_show_that_cannot_be_one(String limits) {
        UUID id = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0009L);
        String data = "{'id':'" + id + "','organizer_id':'o','name':'n','starts_at':'2030-01-01T00:00:00Z',"
                + "'sections':[{'name':'A','rows':1,'seats_per_row':1,'price':1}]," + limits + "}";

        seats.input("shows", id.toString(), event(SeatEvents.SHOW_CREATED, data.replace('\'', '"')));

        assertThat(seats.harness().deadLetters()).singleElement().satisfies(letter -> assertThat(kind(letter))
                .isEqualTo("value"));
    }

    @Test
    void a_command_under_another_key_than_its_show() {
        Event event = Facts.event(
                SeatEvents.CONFIRM_REQUESTED,
                new SeatEvents.StepRequested(new UUID(7, 7), SHOW, "ann", new UUID(7, 8)));

        seats.input("commands", "another", event);

        assertThat(seats.harness().deadLetters()).singleElement().satisfies(letter -> assertThat(kind(letter))
                .isEqualTo("key"));
    }

    private static String kind(TestRecord<byte[], byte[]> letter) {
        return Facts.header(letter, DeadLetterForm.HEADER_KIND);
    }

    private static Event event(String type, String json) {
        return new Event(UUID.randomUUID().toString(), type, "/test", Facts.NOW, null, Facts.bytes(json));
    }
}
