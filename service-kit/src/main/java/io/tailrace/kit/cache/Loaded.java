package io.tailrace.kit.cache;

/**
 * A value from its source.
 *
 * @param value the value
 * @param version as of when it is
 */
public record Loaded<V>(V value, Version version) {}
