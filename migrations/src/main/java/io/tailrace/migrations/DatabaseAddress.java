package io.tailrace.migrations;

/**
 * Where the database is and who we are there.
 *
 * @param url a JDBC URL, {@code jdbc:postgresql://host:port/name}
 * @param user the role to connect as; it must be allowed to create tables
 * @param password its password
 */
public record DatabaseAddress(String url, String user, String password) {
    /** Checks the URL's kind. */
    public DatabaseAddress {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new MigrationFault("\"" + url + "\": expected a URL like jdbc:postgresql://host:port/database");
        }
    }

    /** Without the password, also where it is a parameter of the URL: this text goes to terminals and logs. */
    @Override
    public String toString() {
        return url.replaceFirst("\\?.*", "") + " as " + user;
    }
}
