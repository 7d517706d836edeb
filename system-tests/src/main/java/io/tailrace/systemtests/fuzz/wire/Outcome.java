package io.tailrace.systemtests.fuzz.wire;

import java.util.List;

/** What became of a case. */
public sealed interface Outcome {
    /** There were answers, and each was well-formed. */
    record Answered(List<Answer> answers) implements Outcome {}

    /** The server closed the connection without an answer. */
    record Closed() implements Outcome {}

    /** Nothing came in time. */
    record Silent() implements Outcome {}

    /** Something came that is not what it says it is. */
    record Nonsense(String what) implements Outcome {}

    /** Nobody waited for an answer, or frames came as they should. */
    record Fine() implements Outcome {}
}
