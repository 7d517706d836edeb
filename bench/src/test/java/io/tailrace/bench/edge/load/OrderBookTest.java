package io.tailrace.bench.edge.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class OrderBookTest {
    /** Two streams of channel 0 and one of channel 1, whose next messages are 10 and 20. */
    private final OrderBook book = new OrderBook(new int[] {0, 0, 1}, new long[] {10, 20});

    private static final long[] END = {12, 21};

    private void takeAllButTheFirstStream() {
        book.take(1, 0, 10);
        book.take(1, 0, 11);
        book.take(2, 1, 20);
    }

    @Test
    void all_messages_once_and_in_order_are_no_fault() {
        takeAllButTheFirstStream();
        book.take(0, 0, 10);
        book.take(0, 0, 11);

        assertThat(book.received()).isEqualTo(5);
        assertThat(book.missing(END)).isZero();
        assertThat(book.late()).isZero();
        assertThat(book.foreign()).isZero();
        assertThat(book.behind(END)).isZero();
    }

    @Test
    void a_lost_message_in_the_middle_is_missing() {
        takeAllButTheFirstStream();
        book.take(0, 0, 11);

        assertThat(book.missing(END)).isEqualTo(1);
        assertThat(book.late()).isZero();
    }

    @Test
    void a_lost_message_at_the_end_is_missing() {
        takeAllButTheFirstStream();
        book.take(0, 0, 10);

        assertThat(book.missing(END)).isEqualTo(1);
        assertThat(book.behind(END)).isEqualTo(1);
    }

    @Test
    void a_repeated_message_is_late() {
        takeAllButTheFirstStream();
        book.take(0, 0, 10);
        book.take(0, 0, 10);
        book.take(0, 0, 11);

        assertThat(book.missing(END)).isZero();
        assertThat(book.late()).isEqualTo(1);
    }

    @Test
    void two_messages_that_changed_places_are_a_missing_and_a_late_one() {
        takeAllButTheFirstStream();
        book.take(0, 0, 11);
        book.take(0, 0, 10);

        assertThat(book.missing(END)).isEqualTo(1);
        assertThat(book.late()).isEqualTo(1);
    }

    @Test
    void a_message_of_another_channel_is_foreign_and_replaces_none() {
        takeAllButTheFirstStream();
        book.take(0, 1, 20);

        assertThat(book.foreign()).isEqualTo(1);
        assertThat(book.missing(END)).isEqualTo(2);
    }

    @Test
    void a_message_is_read_back_from_the_end_of_its_frame() {
        String value = new String(Message.value(4711, 42, 123_456_789_012_345L, 3), StandardCharsets.US_ASCII);
        byte[] frame = ("id: AbC\ndata: {\"channel\":\"one:4711\",\"data\":" + value + "}")
                .getBytes(StandardCharsets.US_ASCII);

        assertThat(value)
                .isEqualTo("{\"f\":\"xxx\",\"c\":\"04711\",\"n\":\"0000000042\",\"t\":\"0000123456789012345\"}");
        assertThat(Message.isIn(frame, 0, frame.length)).isTrue();
        assertThat(Message.channel(frame, frame.length)).isEqualTo(4711);
        assertThat(Message.number(frame, frame.length)).isEqualTo(42);
        assertThat(Message.sentNs(frame, frame.length)).isEqualTo(123_456_789_012_345L);
    }

    @Test
    void a_frame_of_the_server_carries_no_message() {
        byte[] frame =
                "id: AbC\nevent: stream.open\ndata: {\"connection_id\":\"x\",\"channels\":{\"one:0\":{\"from\":1}}}"
                        .getBytes(StandardCharsets.US_ASCII);

        assertThat(Message.isIn(frame, 0, frame.length)).isFalse();
    }
}
