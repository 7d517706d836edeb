package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;

/** One channel of one stream. It stays registered with its channel for life; only its lane changes. */
final class Subscription {
    final String channel;
    Lane lane;

    /** Its place among the channel's subscriptions; owned by {@link Subscribers}. */
    int index = -1;

    Subscription(String channel, Lane lane) {
        this.channel = channel;
        this.lane = lane;
    }

    int channelHash() {
        return Cursor.channelHash(channel);
    }
}
