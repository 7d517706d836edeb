package io.tailrace.ingest.testing;

import java.util.UUID;

/** People who register with the shared server. */
public final class People {
    /** A password that is long enough. */
    public static final String PASSWORD = "correct horse battery";

    private People() {}

    /** An address that nobody has. */
    public static String freshEmail() {
        return "Person." + UUID.randomUUID() + "@Example.com";
    }

    /** The body of a registration. */
    public static String registration(String email) {
        return "{\"email\": \"" + email + "\", \"password\": \"" + PASSWORD + "\", \"name\": \"Ada Lovelace\"}";
    }

    /** The body of a login. */
    public static String login(String email) {
        return "{\"email\": \"" + email + "\", \"password\": \"" + PASSWORD + "\"}";
    }

    /** Registers somebody and signs them in. */
    public static Http.Answer signedIn(TestIngest server, String email) {
        Http.Answer registered = server.anonymous().post("/auth/register", registration(email));
        if (registered.status() != 201) {
            throw new IllegalStateException(registered.toString());
        }
        return server.anonymous().post("/auth/login", login(email));
    }
}
