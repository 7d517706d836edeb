package io.tailrace.edge.stream;

/**
 * A channel that streams of one loop read, for an operator.
 *
 * @param channel its name
 * @param partition the number of its partition
 * @param available whether its partition can be read now
 * @param head the offset after the last record that the loop knows of the partition
 * @param subscribers streams that read it
 * @param live those among them that are at the head
 * @param behind records (offsets) between the head and the stream that is furthest behind it
 * @param events events of the channel that the loop has got at the head since the oldest of these streams reads it
 */
public record ChannelInfo(
        String channel,
        int partition,
        boolean available,
        long head,
        int subscribers,
        int live,
        long behind,
        long events) {
    /** The same channel on two loops. Each gets every event, so what they have counted is not added up. */
    public ChannelInfo plus(ChannelInfo other) {
        return new ChannelInfo(
                channel,
                partition,
                available && other.available,
                Math.max(head, other.head),
                subscribers + other.subscribers,
                live + other.live,
                Math.max(behind, other.behind),
                Math.max(events, other.events));
    }
}
