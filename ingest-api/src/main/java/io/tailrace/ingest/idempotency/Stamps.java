package io.tailrace.ingest.idempotency;

import io.tailrace.contracts.identity.UuidV7;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/** Draws stamps. Thread-safe. */
@Singleton
public final class Stamps {
    private final UuidV7 ids = new UuidV7(InstantSource.system(), new SecureRandom());

    /** A stamp that nobody else has. */
    Stamp next() {
        return new Stamp(ids.next());
    }

    /** A single identifier, for what is not an event. */
    public UUID id() {
        return ids.next();
    }
}
