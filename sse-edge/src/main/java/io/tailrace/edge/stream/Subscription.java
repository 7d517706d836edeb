package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;

/** One channel of one stream. It stays registered with its channel for life; only its lane changes. */
final class Subscription {
    final String channel;

    private final int channelHash;

    Lane lane;

    /** Its place among the channel's subscriptions; owned by {@link Subscribers}. */
    int index = -1;

    Subscription(String channel, Lane lane) {
        this.channel = channel;
        this.channelHash = Cursor.channelHash(channel);
        this.lane = lane;
    }

    /** {@link Cursor#channelHash} of the channel's name. */
    int channelHash() {
        return channelHash;
    }
}
