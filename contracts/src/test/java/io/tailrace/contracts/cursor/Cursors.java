package io.tailrace.contracts.cursor;

import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
import io.tailrace.contracts.cursor.Cursor.Members;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorDecoding.Fault;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Cursors of every kind, and texts that are almost cursors. */
final class Cursors {
    private Cursors() {}

    /** Any cursor: few and many topics and partitions, offsets of every size, some channels behind. */
    static Arbitrary<Cursor> any() {
        Arbitrary<List<Integer>> pending =
                Arbitraries.integers().list().ofMaxSize(3).uniqueElements().map(List::copyOf);
        return topics().list()
                .ofMaxSize(5)
                .uniqueElements(TopicPosition::namespace)
                .flatMap(topics -> pending.filter(all -> !all.isEmpty() || !topics.isEmpty())
                        .map(all -> new Cursor(topics, all)))
                // The edge cases of all parts multiplied would leave no room for random ones.
                .withoutEdgeCases();
    }

    private static Arbitrary<TopicPosition> topics() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 127),
                        Arbitraries.integers().between(0, 0xffffff),
                        partitions().list().ofMinSize(1).ofMaxSize(8).uniqueElements(PartitionPosition::partition))
                .as((namespace, bits, partitions) -> new TopicPosition(namespace, new Generation(bits), partitions));
    }

    private static Arbitrary<PartitionPosition> partitions() {
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, Cursor.MAX_PARTITION_NUMBER);
        Arbitrary<Long> offsets = Arbitraries.longs().between(0, Long.MAX_VALUE);
        Arbitrary<Integer> epochs = Arbitraries.integers().between(Cursor.NO_EPOCH, Integer.MAX_VALUE);
        return Combinators.combine(numbers, offsets, epochs, members())
                .flatAs((number, offset, epoch, members) ->
                        lagging(offset).map(lagging -> new PartitionPosition(number, offset, epoch, members, lagging)));
    }

    private static Arbitrary<Members> members() {
        Arbitrary<Members> known = Arbitraries.integers()
                .between(0, Cursor.MAX_SHORT_HASH)
                .list()
                .ofMaxSize(8)
                .map(Members.Known::new);
        return Arbitraries.oneOf(known, Arbitraries.just(new Members.Unknown()));
    }

    private static Arbitrary<List<LaggingChannel>> lagging(long partitionOffset) {
        if (partitionOffset == 0) {
            return Arbitraries.just(List.of());
        }
        return Combinators.combine(
                        Arbitraries.integers(),
                        Arbitraries.longs().between(0, partitionOffset - 1),
                        Arbitraries.integers().between(Cursor.NO_EPOCH, Integer.MAX_VALUE))
                .as(LaggingChannel::new)
                .list()
                .ofMaxSize(4)
                .uniqueElements(LaggingChannel::channelHash);
    }

    /** A cursor at one offset of one partition, as version 1 has it. */
    static Cursor at(int namespace, int partition, long nextOffset) {
        return at(namespace, new PartitionPosition(partition, nextOffset));
    }

    /** A cursor of one partition. */
    static Cursor at(int namespace, PartitionPosition position) {
        return new Cursor(List.of(new TopicPosition(namespace, new Generation(0xabcdef), List.of(position))));
    }

    /** The text of these bytes with the checksum that fits them. */
    static String textWithChecksum(int... bytes) {
        byte[] all = new byte[bytes.length + 1];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        all[bytes.length] = (byte) Crc8.of(all, bytes.length);
        return text(all);
    }

    static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static Cursor decoded(String text) {
        return switch (CursorCodec.decode(text)) {
            case CursorDecoding.Decoded(Cursor cursor) -> cursor;
            case CursorDecoding.Malformed(Fault fault, String detail) ->
                throw new AssertionError(text + ": " + fault + ", " + detail);
        };
    }

    /** Why the text is refused; fails if it is not. */
    static Fault fault(String text) {
        return switch (CursorCodec.decode(text)) {
            case CursorDecoding.Decoded(Cursor cursor) -> throw new AssertionError(text + " is " + cursor);
            case CursorDecoding.Malformed(Fault fault, String detail) -> {
                if (detail.isBlank() || detail.contains("\n")) {
                    throw new AssertionError(fault + " is explained by \"" + detail + "\"");
                }
                yield fault;
            }
        };
    }
}
