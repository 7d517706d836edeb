package io.tailrace.dispatcher.poison;

import org.jspecify.annotations.Nullable;

/** What a sound record says. */
public interface Fact {
    /** The id of the event that is derived from it, by which a refusal is remembered; null if none is derived. */
    @Nullable
    String derivedId();
}
