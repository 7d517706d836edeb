package io.tailrace.dispatcher.job;

/**
 * The topics of the job topology, beside those of released jobs.
 *
 * @param commands key queue
 * @param events decisions, key queue
 * @param jobChannel the channels {@code job:{id}}
 * @param jobsChannel the channels {@code jobs:{queue}}
 */
public record JobTopics(String commands, String events, String jobChannel, String jobsChannel) {}
