package io.tailrace.kit.answer;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server that has models. Immutable.
 *
 * @param name as the file calls it, {@code [a-z][a-z0-9_-]{0,31}}
 * @param protocol how it is spoken to
 * @param url what its paths are appended to, without a slash at the end
 * @param keyVariable the environment variable with its key; null if it needs none
 */
public record AnswerProvider(String name, AnswerProtocol protocol, String url, @Nullable String keyVariable) {
    private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    /** Checks the address, which must not hold the key, and the name of the variable. */
    public AnswerProvider {
        if (!isAddress(url)) {
            throw new IllegalArgumentException(
                    "provider." + name + ".url: expected an address of http or https without a user and a query");
        }
        if (keyVariable != null && !VARIABLE.matcher(keyVariable).matches()) {
            throw new IllegalArgumentException("provider." + name
                    + ".key_variable: expected the name of an environment variable, of [A-Z0-9_], and not the"
                    + " key itself");
        }
    }

    private static boolean isAddress(String url) {
        try {
            URI uri = new URI(url);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null
                    && !url.endsWith("/");
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /**
     * Its key; null if it needs none.
     *
     * @param environment the values of variables; null for one that is not set
     * @throws IllegalStateException if it needs one, and the variable is not set; the message names the variable
     */
    public @Nullable String key(UnaryOperator<@Nullable String> environment) {
        if (keyVariable == null) {
            return null;
        }
        String key = environment.apply(keyVariable);
        if (key == null || key.isBlank()) {
            throw new IllegalStateException("The environment variable " + keyVariable + " with the key of the provider "
                    + name + " is not set");
        }
        if (!key.strip().matches("[\\x21-\\x7e]+")) {
            throw new IllegalStateException("The environment variable " + keyVariable + " with the key of the provider "
                    + name + " has characters that no key has");
        }
        return key.strip();
    }
}
