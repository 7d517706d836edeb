package io.tailrace.edge.control;

import io.micronaut.context.annotation.Context;
import io.tailrace.kit.security.ErasedPeople;

/** Ends the streams of people who are erased. They cannot come back: their tokens are refused. */
@Context
final class ErasedStreams {
    private static final String BY = "their erasure";

    ErasedStreams(ErasedPeople people, Disconnects disconnects) {
        people.onErased(person -> disconnects.make(new Disconnect.Subject(person, BY)));
    }
}
