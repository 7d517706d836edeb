package io.tailrace.contracts.event;

/**
 * Documents that were just written can be found now. Says nothing of what they hold: who wants to know searches.
 *
 * @param index the index, {@code posts} for example
 * @param count how many records of the log
 */
public record DocumentsIndexed(String index, int count) {}
