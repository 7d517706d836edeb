package io.tailrace.dispatcher.seat;

/**
 * The topics of the seat topology.
 *
 * @param shows facts, key show
 * @param commands key show; as many partitions as {@code shows}
 * @param events decisions and expiries, key show
 * @param showChannel the channels {@code show:{id}}
 * @param userChannel the channels {@code user:{id}}
 */
public record SeatTopics(String shows, String commands, String events, String showChannel, String userChannel) {}
