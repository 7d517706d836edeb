package io.tailrace.contracts.channel;

import java.time.Duration;

/**
 * What all channels that share a first part have in common.
 *
 * @param name the first part of the channels' names
 * @param number a small number that stands for the namespace in cursors; never reused for another one
 * @param partitions partitions of its topic; fixed, because a channel's partition depends on it
 * @param retention how long the topic keeps an event
 * @param subscribe who may read; where {@code nestedSubscribe} is another one, the channel of one part alone
 * @param publish who may publish directly, in the same way; derived events are written by the dispatcher whatever this says
 * @param nestedSubscribe who may read the channels that have more parts than the namespace's name
 * @param nestedPublish who may publish on them directly
 * @param start where a subscriber without a cursor starts, unless it says otherwise
 * @param latestOnly whether only the latest event of each channel matters, so that the topic is compacted too
 */
public record Namespace(
        String name,
        int number,
        int partitions,
        Duration retention,
        Audience subscribe,
        Audience publish,
        Audience nestedSubscribe,
        Audience nestedPublish,
        StartPosition start,
        boolean latestOnly) {
    private static final Duration MIN_RETENTION = Duration.ofSeconds(1);
    private static final Duration MAX_RETENTION = Duration.ofDays(36_500);

    /** A class of people. */
    public enum Audience {
        /** Anyone, also without a token. */
        PUBLIC,
        /** Anyone with a valid token. */
        AUTHENTICATED,
        /** The person whose id is the channel's second part; others by a grant in their token. */
        OWNER,
        /** Only by a grant in the token. */
        GRANT,
        /** Nobody, whatever a token grants. */
        NONE
    }

    /** Checks the parts. */
    public Namespace {
        if (!Channel.isNamespace(name, 0, name.length())) {
            throw new IllegalArgumentException("namespace \"" + name + "\": expected [a-z][a-z0-9_-]{0,31}");
        }
        if (number < 1 || number > 127) {
            throw new IllegalArgumentException("namespace " + name + ": number " + number + ", expected 1 to 127");
        }
        if (partitions < 1 || partitions > 1024) {
            throw new IllegalArgumentException(
                    "namespace " + name + ": partitions " + partitions + ", expected 1 to 1024");
        }
        if (retention.compareTo(MIN_RETENTION) < 0 || retention.compareTo(MAX_RETENTION) > 0) {
            throw new IllegalArgumentException("namespace " + name + ": retention " + retention + ", expected "
                    + MIN_RETENTION + " to " + MAX_RETENTION);
        }
    }

    /** Who may read a channel of this namespace. */
    public Audience subscribe(Channel channel) {
        return channel.secondPart().isEmpty() ? subscribe : nestedSubscribe;
    }

    /** Who may publish directly on a channel of this namespace. */
    public Audience publish(Channel channel) {
        return channel.secondPart().isEmpty() ? publish : nestedPublish;
    }

    /** The topic that holds the namespace's channels. */
    public String topic() {
        return "tailrace.channels." + name;
    }
}
