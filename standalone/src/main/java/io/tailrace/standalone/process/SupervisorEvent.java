package io.tailrace.standalone.process;

/** A message of another thread to the supervisor's thread. */
sealed interface SupervisorEvent {
    /** A request to stop everything. */
    record StopRequested() implements SupervisorEvent {}

    /** A start succeeded. */
    record IsReady(StartAttempt attempt) implements SupervisorEvent {}

    /** A start has reached a further step. */
    record Doing(StartAttempt attempt, String what) implements SupervisorEvent {}

    /** A start has failed, or the started process has ended. */
    record Ended(StartAttempt attempt, String reason) implements SupervisorEvent {}

    /** The display is out of date. */
    record Changed() implements SupervisorEvent {}
}
