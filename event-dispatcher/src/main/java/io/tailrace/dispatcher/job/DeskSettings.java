package io.tailrace.dispatcher.job;

import java.time.Duration;

/**
 * The times and bounds of a {@link JobDesk}.
 *
 * @param lease how long a running attempt may be silent before its worker is taken for lost
 * @param releaseTimeout how long a released job may wait for a worker before its record is taken for lost, and it is released again
 * @param keepFinished how long a job is known after it succeeded or was cancelled
 * @param keepDead how long a job is known after it died, and can be retried
 * @param releasesPerTurn the most jobs that one command releases, so that no transaction grows with the backlog
 */
public record DeskSettings(
        Duration lease, Duration releaseTimeout, Duration keepFinished, Duration keepDead, int releasesPerTurn) {}
