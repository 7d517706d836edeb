package io.tailrace.migrations;

/**
 * A file that has just been applied.
 *
 * @param file its name
 * @param durationMs how long that took, in milliseconds
 */
public record AppliedFile(String file, int durationMs) {}
