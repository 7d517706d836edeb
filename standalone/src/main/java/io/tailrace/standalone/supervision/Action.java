package io.tailrace.standalone.supervision;

/** What the driver is to do now. Doing it puts the part into {@code next}. */
public sealed interface Action {
    /** The part that it is about. */
    String part();

    /** The state that the part has from then on. */
    PartState next();

    /** Prepare and start it. */
    record Start(String part, PartState.Starting next) implements Action {}

    /** Its start takes too long: end it, with this as the reason. */
    record GiveUp(String part, PartState next, String reason) implements Action {}

    /** Ask it to stop. */
    record Stop(String part, PartState.Stopping next) implements Action {}

    /** It was asked and did not: kill it. */
    record Kill(String part, PartState.Stopping next) implements Action {}

    /** Nothing runs: it is stopped already. */
    record MarkStopped(String part, PartState.Stopped next) implements Action {}
}
