package io.tailrace.systemtests.chaos.schedule;

import java.util.List;

/**
 * A client as it begins.
 *
 * @param number its number
 * @param subject who it is
 * @param channels what it reads
 * @param start where new channels start when it opens a stream: {@code earliest}, {@code live} or {@code last:N}
 * @param tokenLifetimeMs after which its tokens end
 */
public record Reader(int number, String subject, List<String> channels, String start, long tokenLifetimeMs) {}
