package io.tailrace.ingest.notification;

import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Where people are reached, and how they want to be. Thread-safe; blocks. */
@Singleton
public final class People {
    private final PreferenceRows rows;
    private final Database database;

    People(PreferenceRows rows, Database database) {
        this.rows = rows;
        this.database = database;
    }

    /**
     * A person with an account.
     *
     * @param email the account's address
     * @param preferences how they want to be notified
     */
    public record Person(UUID id, String email, Preferences preferences) {}

    /**
     * Those of some people who have an account, by their ids.
     *
     * @throws ProblemException 503 if PostgreSQL is away
     */
    public Map<UUID, Person> find(Collection<UUID> ids) {
        Map<UUID, Person> people = new HashMap<>();
        if (!ids.isEmpty()) {
            String all = ids.stream().map(UUID::toString).collect(Collectors.joining(","));
            for (PreferenceRow row : database.call(() -> rows.find(all))) {
                people.put(row.id(), new Person(row.id(), row.email(), preferences(row)));
            }
        }
        return people;
    }

    /**
     * What a person has said, or what holds if they have said nothing.
     *
     * @throws ProblemException 404 without an account, 503 if PostgreSQL is away
     */
    Preferences get(UUID person) {
        Person found = find(List.of(person)).get(person);
        if (found == null) {
            throw withoutAccount();
        }
        return found.preferences();
    }

    /**
     * Keeps what a person says in the place of what they said before.
     *
     * @throws ProblemException 400 if the endpoint is not theirs, 404 without an account, 503 if PostgreSQL is away
     */
    Preferences put(UUID person, Preferences preferences) {
        // The endpoint has a column, so that it is gone from here when it is removed.
        String document = new String(Json.write(preferences.with(null)), StandardCharsets.UTF_8);
        int kept = database.call(() -> rows.put(person, person.toString(), document, preferences.webhookEndpoint()));
        if (kept == 0) {
            var unused = get(person);
            throw ProblemException.invalid(
                    "webhook_endpoint", "expected an endpoint of webhooks that you have registered");
        }
        return preferences;
    }

    private static Preferences preferences(PreferenceRow row) {
        String document = row.document();
        if (document == null) {
            return Preferences.DEFAULT;
        }
        try {
            return Json.mapper().readValue(document, Preferences.class).with(row.webhookEndpoint());
        } catch (IOException e) {
            throw new IllegalStateException("the preferences of " + row.id() + " cannot be read", e);
        }
    }

    private static ProblemException withoutAccount() {
        return new ProblemException(ProblemType.NOT_FOUND, "You have no account");
    }
}
