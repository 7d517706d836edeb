package io.tailrace.kit.job.config;

/**
 * A group of workers that this process is in. A bean of this type is what has a process run jobs; it is in as many groups as it has such
 * beans.
 *
 * @param name as types of jobs name it, {@code [a-z][a-z0-9_-]{0,31}}
 */
public record WorkersGroup(String name) {}
