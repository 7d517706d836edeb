package io.tailrace.ingest.account;

import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.Write;
import io.tailrace.ingest.idempotency.WriteAnswer;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.outbox.Outbox;
import io.tailrace.ingest.outbox.OutboxEvent;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * People's accounts. Registering stores the account and its event in one transaction, so that a registered user always
 * becomes an event and no event tells of a user who was not registered. Thread-safe; blocks.
 */
@Singleton
public final class Accounts {
    private final AccountRows rows;
    private final Passwords passwords;
    private final Outbox outbox;
    private final Database database;

    Accounts(AccountRows rows, Passwords passwords, Outbox outbox, Database database) {
        this.rows = rows;
        this.passwords = passwords;
        this.outbox = outbox;
        this.database = database;
    }

    /** Somebody who may sign in, for those who make tokens. */
    public record SignedIn(UUID id, List<String> roles) {}

    /**
     * Makes an account.
     *
     * @throws ProblemException 409 if the address has one, 503 if PostgreSQL is away
     */
    WriteAnswer<Person> register(Registration.Checked wanted, Write write) {
        String hash = passwords.hash(wanted.password());
        Person person = new Person(
                write.stamp().id(),
                wanted.email(),
                wanted.name(),
                wanted.phone(),
                write.stamp().time());
        WriteAnswer<Person> answer = WriteAnswer.created(person);
        return database.inTransaction(() -> {
            int made = rows.insertUnlessTaken(
                    person.id(),
                    person.email(),
                    wanted.emailKey(),
                    person.name(),
                    person.phone(),
                    hash,
                    person.createdAt());
            if (made == 0) {
                throw new ProblemException(
                        ProblemType.EMAIL_TAKEN, "The address \"" + wanted.email() + "\" has an account");
            }
            outbox.store(event(person, write.stamp().id(1)));
            write.completeInTransaction(answer);
            return answer;
        });
    }

    /**
     * The person with this address and password. Nobody learns from the answer, or from how long it takes, whether the
     * address or the password was wrong.
     *
     * @throws ProblemException 503 if PostgreSQL is away or too many people are signing in
     */
    public Optional<SignedIn> authenticate(String email, String password) {
        Optional<Account> account = database.call(() -> rows.findByEmailKey(Registration.key(email)));
        boolean right = account.isPresent()
                ? passwords.matches(password, account.get().passwordHash())
                : passwords.matchesNobody(password);
        return right ? account.map(Accounts::signedIn) : Optional.empty();
    }

    /** The person with this id, for a transaction of the caller's. */
    public Optional<SignedIn> find(UUID id) {
        return rows.findById(id).map(Accounts::signedIn);
    }

    /**
     * The address of a person's account, for those who count attempts.
     *
     * @throws ProblemException 503 if PostgreSQL is away
     */
    public Optional<String> address(UUID id) {
        return database.call(() -> rows.findById(id).map(Account::email));
    }

    private static SignedIn signedIn(Account account) {
        return new SignedIn(account.id(), account.roles());
    }

    private static OutboxEvent event(Person person, UUID eventId) {
        UserRegistered data =
                new UserRegistered(person.id(), person.email(), person.name(), person.phone(), person.createdAt());
        return new OutboxEvent(
                eventId,
                Topics.USERS,
                null,
                person.id().toString(),
                EventTypes.USER_REGISTERED,
                EventSource.INGEST_API,
                person.id().toString(),
                person.createdAt(),
                new String(Json.write(data), StandardCharsets.UTF_8));
    }
}
