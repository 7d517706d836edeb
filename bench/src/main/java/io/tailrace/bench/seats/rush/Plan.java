package io.tailrace.bench.seats.rush;

import java.util.UUID;

/**
 * What a rush is like.
 *
 * @param show what they fight over: section {@code A}
 * @param rows how many rows; of ten buyers seven want seats in the first fifth of them
 * @param seatsPerRow how many seats in each
 * @param buyers how many people
 * @param overMs over how long they come, milliseconds; 0 for all at once
 * @param attempts how often one tries other seats when those that were wanted are gone
 * @param holdSeconds how long a hold lasts; one of seven is abandoned
 * @param seed of everything that is random
 */
public record Plan(
        UUID show, int rows, int seatsPerRow, int buyers, int overMs, int attempts, int holdSeconds, long seed) {}
