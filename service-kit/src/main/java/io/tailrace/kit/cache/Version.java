package io.tailrace.kit.cache;

/**
 * As of which point of its topic's partition a value is. A projection's position that was read before the value is one: the value
 * is at least as new.
 *
 * @param generation the topic's id (KIP-516)
 * @param nextOffset all records below it are in the value
 */
public record Version(String generation, long nextOffset) {}
