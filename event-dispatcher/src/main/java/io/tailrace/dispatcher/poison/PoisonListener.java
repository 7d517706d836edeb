package io.tailrace.dispatcher.poison;

import java.util.Map;

/**
 * Hears of every dead letter, to count it. A transaction that is aborted and done again is heard of twice: the topic is
 * exact, this is not. Implementations must be thread-safe and must not block.
 */
@FunctionalInterface
public interface PoisonListener {
    /** The key under which a listener stands in the configuration of a Streams application. */
    String CONFIG = "tailrace.poison.listener";

    /**
     * A record went to the dead letters.
     *
     * @param topic the topic that the record came from
     * @param poison why
     */
    void poisoned(String topic, Poison poison);

    /** The listener that a configuration names, or one that does nothing. */
    static PoisonListener from(Map<String, ?> config) {
        return config.get(CONFIG) instanceof PoisonListener listener ? listener : (topic, poison) -> {};
    }
}
