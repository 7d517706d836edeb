package io.tailrace.bench.edge.load;

import java.util.Arrays;

/**
 * Whether every stream gets every message of its channel once and in order. A message that is skipped counts as missing at
 * once; if it comes later it is late, as one is that comes twice. So a lost frame is {@code missing}, a repeated one
 * {@code late}, two that have changed places are one of each. Belongs to one thread while it takes messages.
 */
public final class OrderBook {
    private final int[] channelOf;
    private final long[] next;
    private long received;
    private long missing;
    private long late;
    private long foreign;

    /**
     * Streams that are about to get messages.
     *
     * @param channelOf each stream's channel
     * @param first the number that each channel's next message has
     */
    public OrderBook(int[] channelOf, long[] first) {
        this.channelOf = channelOf.clone();
        this.next =
                Arrays.stream(channelOf).mapToLong(channel -> first[channel]).toArray();
    }

    /** A message arrived. */
    public void take(int stream, int channel, long number) {
        received++;
        if (channelOf[stream] != channel) {
            foreign++;
        } else if (number < next[stream]) {
            late++;
        } else {
            missing += number - next[stream];
            next[stream] = number + 1;
        }
    }

    /** Messages so far. */
    public long received() {
        return received;
    }

    /** Messages that were skipped, and those below {@code end} that did not come at all. */
    public long missing(long[] end) {
        long sum = missing;
        for (int i = 0; i < next.length; i++) {
            sum += Math.max(0, end[channelOf[i]] - next[i]);
        }
        return sum;
    }

    /** Messages that came again, or after a later one. */
    public long late() {
        return late;
    }

    /** Messages of a channel that the stream had not asked for. */
    public long foreign() {
        return foreign;
    }

    /** Streams that have not got everything below {@code end}. */
    public int behind(long[] end) {
        int count = 0;
        for (int i = 0; i < next.length; i++) {
            count += next[i] < end[channelOf[i]] ? 1 : 0;
        }
        return count;
    }
}
