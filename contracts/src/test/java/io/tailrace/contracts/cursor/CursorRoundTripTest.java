package io.tailrace.contracts.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CursorRoundTripTest {
    @Property
    void whatIsEncodedDecodesToItself(@ForAll("cursors") Cursor cursor) {
        assertThat(Cursors.decoded(CursorCodec.encode(cursor))).isEqualTo(cursor);
    }

    @Property(tries = 5000)
    void aTextThatDecodesEncodesToItself(@ForAll("nearlyCursors") String text) {
        if (CursorCodec.decode(text) instanceof CursorDecoding.Decoded(Cursor cursor)) {
            assertThat(CursorCodec.encode(cursor)).isEqualTo(text);
        }
    }

    @Property
    void oneCursorHasOneTextInWhateverOrderItIsBuilt(@ForAll("cursors") Cursor cursor) {
        List<TopicPosition> reversed = new ArrayList<>();
        for (TopicPosition topic : cursor.topics()) {
            List<PartitionPosition> partitions = new ArrayList<>(topic.partitions());
            Collections.reverse(partitions);
            reversed.addFirst(new TopicPosition(topic.namespace(), topic.generation(), partitions));
        }

        assertThat(CursorCodec.encode(new Cursor(reversed))).isEqualTo(CursorCodec.encode(cursor));
    }

    @Property
    void aTextNeedsNoEscapeInAUrlAHeaderOrAStream(@ForAll("cursors") Cursor cursor) {
        assertThat(CursorCodec.encode(cursor)).matches("[A-Za-z0-9_-]+");
    }

    /**
     * The form is a promise to clients that hold ids over an upgrade. If one of these fails, the form has changed: give
     * it a new version and go on reading the old one.
     */
    @Test
    void theTextFormIsStable() {
        assertThat(CursorCodec.encode(Cursors.at(1, 0, 0))).isEqualTo("AQKrze8AABw");
        assertThat(CursorCodec.encode(Cursors.at(7, 5, 1_234_567))).isEqualTo("AQ6rze8Uh61LWg");
        assertThat(CursorCodec.encode(everything()))
                .isEqualTo("AQMBAgMBrAIOwIQ9AhZTUdi7hD0XU1Nr6AfIAf_-_fwfgICAgIAgag");
    }

    @Test
    void theLargestNumbersFit() {
        Cursor cursor = new Cursor(List.of(new TopicPosition(
                127,
                new Generation(0xffffff),
                List.of(new PartitionPosition(
                        Cursor.MAX_PARTITION_NUMBER,
                        Long.MAX_VALUE,
                        List.of(
                                new LaggingChannel(Integer.MIN_VALUE, 0),
                                new LaggingChannel(Integer.MAX_VALUE, Long.MAX_VALUE - 1)))))));

        assertThat(Cursors.decoded(CursorCodec.encode(cursor))).isEqualTo(cursor);
    }

    @Provide
    Arbitrary<Cursor> cursors() {
        return Cursors.any();
    }

    /** Random bytes under a valid version and checksum: these get as far as the numbers. */
    @Provide
    Arbitrary<String> nearlyCursors() {
        return Arbitraries.integers()
                .between(0, 255)
                .array(int[].class)
                .ofMinSize(5)
                .ofMaxSize(24)
                .map(bytes -> {
                    bytes[0] = CursorCodec.VERSION;
                    bytes[1] &= 0x7e;
                    bytes[5 % bytes.length] &= 0x0c;
                    return Cursors.textWithChecksum(bytes);
                });
    }

    private static Cursor everything() {
        return new Cursor(List.of(
                new TopicPosition(
                        1,
                        new Generation(0x010203),
                        List.of(
                                new PartitionPosition(0, 300),
                                new PartitionPosition(
                                        4,
                                        1_000_000,
                                        List.of(
                                                new LaggingChannel(Cursor.channelHash("feed:42"), 999_000),
                                                new LaggingChannel(Cursor.channelHash("feed:43"), 5))))),
                new TopicPosition(100, new Generation(0xfffefd), List.of(new PartitionPosition(1023, 1L << 40)))));
    }
}
