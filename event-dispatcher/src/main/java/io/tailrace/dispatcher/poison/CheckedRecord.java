package io.tailrace.dispatcher.poison;

/**
 * What a record turned out to be.
 *
 * @param <T> what a sound record says
 */
public sealed interface CheckedRecord<T> {
    /**
     * It can be used.
     *
     * @param fact what it says
     */
    record Sound<T>(T fact) implements CheckedRecord<T> {}

    /**
     * It cannot.
     *
     * @param poison why
     */
    record Poisoned<T>(Poison poison) implements CheckedRecord<T> {}
}
