package io.tailrace.projections.user;

import io.tailrace.contracts.event.UserRegistered;
import java.util.UUID;

/** What a record of {@code tailrace.users} does to the table. */
public sealed interface UserChange {
    /** The row's key. */
    UUID id();

    /**
     * The person is there, and looks like this.
     *
     * @param user the person
     */
    record Put(UserRegistered user) implements UserChange {
        @Override
        public UUID id() {
            return user.id();
        }
    }

    /**
     * The person is to be forgotten.
     *
     * @param id whose row goes
     */
    record Erase(UUID id) implements UserChange {}
}
