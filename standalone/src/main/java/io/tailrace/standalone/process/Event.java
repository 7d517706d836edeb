package io.tailrace.standalone.process;

/** What the supervisor's thread is told by others. */
sealed interface Event {
    /** Somebody wants everything stopped. */
    record StopRequested() implements Event {}

    /** A start succeeded. */
    record IsReady(Attempt attempt) implements Event {}

    /** A start goes on. */
    record Doing(Attempt attempt, String what) implements Event {}

    /** A start failed, or what was started is no more. */
    record Ended(Attempt attempt, String reason) implements Event {}

    /** There is something new to show. */
    record Changed() implements Event {}
}
