package io.tailrace.edge.stream;

import org.jspecify.annotations.Nullable;

/**
 * The channels of one stream that has many, by the hash of their names: an open-addressed table of twice to four times as
 * many places as channels. A stream of few channels has none, because looking at each of them is cheaper.
 */
final class ChannelIndex {
    private static final int GOLDEN = 0x9e3779b9;

    private @Nullable Subscription[] places;
    private int size;

    /** An empty index with room for so many channels. */
    ChannelIndex(int channels) {
        places = new Subscription[Integer.highestOneBit(Math.max(4, channels)) * 4];
    }

    @Nullable
    Subscription find(int hash, String channel) {
        for (int i = place(hash); ; i = next(i)) {
            Subscription there = places[i];
            if (there == null || (there.channelHash() == hash && there.channel.equals(channel))) {
                return there;
            }
        }
    }

    /** A channel of the same partition and hash. */
    @Nullable
    Subscription findSame(int hash, PartitionView view) {
        for (int i = place(hash); ; i = next(i)) {
            Subscription there = places[i];
            if (there == null || (there.channelHash() == hash && there.lane.view == view)) {
                return there;
            }
        }
    }

    void add(Subscription subscription) {
        size++;
        if (size * 2 > places.length) {
            @Nullable Subscription[] before = places;
            places = new Subscription[before.length * 2];
            for (Subscription each : before) {
                if (each != null) {
                    put(each);
                }
            }
        }
        put(subscription);
    }

    /** Those behind it move up, so that no search ends too early (Knuth, volume 3, section 6.4, algorithm R). */
    void remove(Subscription subscription) {
        int free = place(subscription.channelHash());
        while (places[free] != subscription) {
            free = next(free);
        }
        size--;
        places[free] = null;
        for (int i = next(free); ; i = next(i)) {
            Subscription each = places[i];
            if (each == null) {
                return;
            }
            int wanted = place(each.channelHash());
            boolean stays = free <= i ? free < wanted && wanted <= i : free < wanted || wanted <= i;
            if (!stays) {
                places[free] = each;
                places[i] = null;
                free = i;
            }
        }
    }

    private void put(Subscription subscription) {
        int i = place(subscription.channelHash());
        while (places[i] != null) {
            i = next(i);
        }
        places[i] = subscription;
    }

    private int place(int hash) {
        return (hash * GOLDEN >>> 8) & (places.length - 1);
    }

    private int next(int i) {
        return (i + 1) & (places.length - 1);
    }
}
