package io.tailrace.edge.control;

import io.micronaut.context.annotation.Context;
import io.tailrace.kit.apikey.ApiKeys;
import io.tailrace.kit.security.ErasedPeople;

/**
 * Ends the streams of people who are erased, and of the bearers of API keys that are revoked. They cannot come back with what is void; who
 * has something else that is good does.
 */
@Context
final class ErasedStreams {
    private static final String ERASURE = "their erasure";
    private static final String REVOCATION = "the revocation of their API key";

    ErasedStreams(ErasedPeople people, ApiKeys keys, Disconnects disconnects) {
        people.onErased(person -> disconnects.make(new Disconnect.Subject(person, ERASURE)));
        keys.onRevoked(bearer -> disconnects.make(new Disconnect.Subject(bearer, REVOCATION)));
    }
}
