package io.tailrace.edge.stream;

import java.util.Arrays;

/** The subscriptions of one channel on one loop: a plain array that is walked once per batch. */
final class Subscribers {
    private Subscription[] items = new Subscription[1];
    private int size;

    /** Events of the channel that came at the head since there is a subscription, for an operator. */
    private long events;

    long events() {
        return events;
    }

    /** So many more events came at the head. */
    void arrived(int count) {
        events += count;
    }

    int size() {
        return size;
    }

    Subscription get(int i) {
        return items[i];
    }

    void add(Subscription subscription) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size * 2);
        }
        subscription.index = size;
        items[size++] = subscription;
    }

    @SuppressWarnings("NullAway") // a free slot must not keep a closed stream alive
    void remove(Subscription subscription) {
        Subscription last = items[--size];
        items[subscription.index] = last;
        last.index = subscription.index;
        items[size] = null;
        subscription.index = -1;
    }
}
