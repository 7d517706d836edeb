package io.tailrace.ingest.account;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import io.micronaut.data.annotation.TypeDef;
import io.micronaut.data.model.DataType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may sign in.
 *
 * @param id the person's id
 * @param email the address, as given
 * @param emailKey the address in lower case, by which it is unique
 * @param name the name to show
 * @param phone the phone number, or null
 * @param passwordHash the password's hash in PHC string form; leaves this package in no form
 * @param roles the roles that the person's tokens carry
 * @param createdAt when the account came to be
 */
@MappedEntity("accounts")
public record Account(
        @Id UUID id,
        String email,
        String emailKey,
        String name,
        @Nullable String phone,
        String passwordHash,
        @TypeDef(type = DataType.STRING_ARRAY) List<String> roles,
        Instant createdAt) {
    @Override
    public String toString() {
        return "Account[" + id + "]";
    }
}
