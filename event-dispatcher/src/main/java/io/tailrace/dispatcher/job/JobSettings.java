package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobQueues;
import java.time.Duration;

/**
 * The bounds of the job topology.
 *
 * @param factPartitions partitions of the topic that is read
 * @param maxEventBytes the largest event that is let through
 * @param queues the declared queues
 * @param lookInterval how often it is looked whether something is due; what is due happens at most this much late, and never early
 * @param perTurn the most jobs that become ready, are released, end or are forgotten at once because time has passed, so that
 *     commands are not kept waiting
 * @param desk the times and bounds of the decisions
 * @param quiet a decision before which there was none for so long is told at once
 * @param commitInterval how often other decisions are told while they are few
 * @param rush decisions of one task within {@code commitInterval} from which on they are told every {@code rushCommitInterval}
 * @param rushCommitInterval how often decisions are told in a rush
 */
public record JobSettings(
        int factPartitions,
        int maxEventBytes,
        JobQueues queues,
        Duration lookInterval,
        int perTurn,
        DeskSettings desk,
        Duration quiet,
        Duration commitInterval,
        int rush,
        Duration rushCommitInterval) {}
