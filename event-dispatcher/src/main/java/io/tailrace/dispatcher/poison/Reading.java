package io.tailrace.dispatcher.poison;

/**
 * What a record turned out to be.
 *
 * @param <T> what a sound record says
 */
public sealed interface Reading<T> {
    /**
     * It can be used.
     *
     * @param fact what it says
     */
    record Sound<T>(T fact) implements Reading<T> {}

    /**
     * It cannot.
     *
     * @param poison why
     */
    record Poisoned<T>(Poison poison) implements Reading<T> {}
}
