package io.tailrace.contracts.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
import io.tailrace.contracts.cursor.Cursor.Members;
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

    @Property(tries = 2000)
    void whateverATextOfVersion1DecodesToIsWrittenAsVersion2(@ForAll("nearlyOldCursors") String text) {
        if (CursorCodec.decode(text) instanceof CursorDecoding.Decoded(Cursor cursor)) {
            assertThat(Cursors.decoded(CursorCodec.encode(cursor))).isEqualTo(cursor);
            assertThat(cursor.pending()).isEmpty();
            assertThat(cursor.topics())
                    .allSatisfy(topic -> assertThat(topic.partitions()).allSatisfy(position -> {
                        assertThat(position.leaderEpoch()).isEqualTo(Cursor.NO_EPOCH);
                        assertThat(position.members()).isEqualTo(new Members.Unknown());
                    }));
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

        List<Integer> pending = new ArrayList<>(cursor.pending());
        Collections.reverse(pending);

        assertThat(CursorCodec.encode(new Cursor(reversed, pending))).isEqualTo(CursorCodec.encode(cursor));
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
        assertThat(CursorCodec.encode(Cursors.at(1, position(0, 0, 0, Members.of("feed:42")))))
                .isEqualTo("AgKrze8AAAoAF1NTpw");
        assertThat(CursorCodec.encode(Cursors.at(7, position(5, 1_234_567, 12, Members.of("feed:42", "feed:43")))))
                .isEqualTo("Ag6rze8Kh61LDgwWU1EXU1Mp");
        assertThat(CursorCodec.encode(Cursors.at(7, 5, 1_234_567))).isEqualTo("Ag6rze8Kh61LAFk");
        assertThat(CursorCodec.encode(everything()))
                .isEqualTo(
                        "AgECE1EOiBRREBsDAQIDAawCCEDP8gbAhD0LrAI-z-8CFlNR2LuEPawCF1NTa-gHrALIAf_-_f4PgICAgIAgAv____8HVA");
        assertThat(CursorCodec.encode(new Cursor(List.of(), List.of(Cursor.channelHash("feed:42")))))
                .isEqualTo("AgABF1NTa2I");
    }

    /** Texts that clients of the first version may still hold. */
    @Test
    void theTextFormOfVersion1IsStillRead() {
        assertThat(Cursors.decoded("AQKrze8AABw")).isEqualTo(Cursors.at(1, 0, 0));
        assertThat(Cursors.decoded("AQ6rze8Uh61LWg")).isEqualTo(Cursors.at(7, 5, 1_234_567));
        assertThat(Cursors.decoded("AQMBAgMBrAIOwIQ9AhZTUdi7hD0XU1Nr6AfIAf_-_fwfgICAgIAgag"))
                .isEqualTo(everythingOfVersion1());
    }

    @Test
    void theLargestNumbersFit() {
        Cursor cursor = new Cursor(List.of(new TopicPosition(
                127,
                new Generation(0xffffff),
                List.of(new PartitionPosition(
                        Cursor.MAX_PARTITION_NUMBER,
                        Long.MAX_VALUE,
                        Integer.MAX_VALUE,
                        new Members.Known(List.of(0, Cursor.MAX_SHORT_HASH)),
                        List.of(
                                new LaggingChannel(Integer.MIN_VALUE, 0, 0),
                                new LaggingChannel(Integer.MAX_VALUE, Long.MAX_VALUE - 1, Integer.MAX_VALUE)))))));

        assertThat(Cursors.decoded(CursorCodec.encode(cursor))).isEqualTo(cursor);
    }

    @Provide
    Arbitrary<Cursor> cursors() {
        return Cursors.any();
    }

    /** Random bytes under a valid version and checksum: these get as far as the numbers. */
    @Provide
    Arbitrary<String> nearlyCursors() {
        return nearly(CursorCodec.VERSION, 0x02);
    }

    @Provide
    Arbitrary<String> nearlyOldCursors() {
        return nearly(CursorCodec.VERSION_1, 0x0c);
    }

    private static Arbitrary<String> nearly(int version, int partitionBits) {
        return Arbitraries.integers()
                .between(0, 255)
                .array(int[].class)
                .ofMinSize(5)
                .ofMaxSize(24)
                .map(bytes -> {
                    bytes[0] = version;
                    bytes[1] &= 0x7e;
                    bytes[5 % bytes.length] &= partitionBits;
                    return Cursors.textWithChecksum(bytes);
                });
    }

    private static PartitionPosition position(int partition, long nextOffset, int epoch, Members members) {
        return new PartitionPosition(partition, nextOffset, epoch, members, List.of());
    }

    private static Cursor everything() {
        PartitionPosition second =
                new PartitionPosition(4, 1_000_000, 300, Members.of("feed:42", "feed:7"), behind(299));
        return new Cursor(
                List.of(
                        new TopicPosition(
                                1,
                                new Generation(0x010203),
                                List.of(position(0, 300, Cursor.NO_EPOCH, Members.of("feed:1")), second)),
                        new TopicPosition(
                                100,
                                new Generation(0xfffefd),
                                List.of(position(1023, 1L << 40, Integer.MAX_VALUE, new Members.Unknown())))),
                List.of(Cursor.channelHash("feed:50"), Cursor.channelHash("feed:51")));
    }

    private static Cursor everythingOfVersion1() {
        PartitionPosition second =
                new PartitionPosition(4, 1_000_000, Cursor.NO_EPOCH, new Members.Unknown(), behind(Cursor.NO_EPOCH));
        return new Cursor(List.of(
                new TopicPosition(1, new Generation(0x010203), List.of(new PartitionPosition(0, 300), second)),
                new TopicPosition(100, new Generation(0xfffefd), List.of(new PartitionPosition(1023, 1L << 40)))));
    }

    private static List<LaggingChannel> behind(int epoch) {
        return List.of(
                new LaggingChannel(Cursor.channelHash("feed:42"), 999_000, epoch),
                new LaggingChannel(Cursor.channelHash("feed:43"), 5, epoch));
    }
}
