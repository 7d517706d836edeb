package io.tailrace.kit.grpc;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.tailrace.kit.problem.ProblemException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a call says about its caller. Immutable.
 *
 * @param remote the other end of the connection; null if it has no address
 * @param headers the call's metadata; not changed here
 */
public record CallMetadata(@Nullable SocketAddress remote, Metadata headers) {
    static final Metadata.Key<String> AUTHORIZATION = key("authorization");
    static final Metadata.Key<String> API_KEY = key("x-api-key");
    static final Metadata.Key<String> FORWARDED_FOR = key("x-forwarded-for");
    private static final String BEARER = "bearer ";

    /** What a call says. */
    public static CallMetadata of(Attributes attributes, Metadata headers) {
        return new CallMetadata(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR), headers);
    }

    /**
     * The token of {@code authorization: Bearer}, else the key of {@code x-api-key}, or null.
     *
     * @throws ProblemException if there are two of one kind
     */
    public @Nullable String token() {
        String value = only(AUTHORIZATION);
        if (value == null) {
            return only(API_KEY);
        }
        return value.toLowerCase(Locale.ROOT).startsWith(BEARER)
                ? value.substring(BEARER.length()).strip()
                : value;
    }

    /** The values of {@code x-forwarded-for}. */
    public List<String> forwardedFor() {
        return all(FORWARDED_FOR);
    }

    private @Nullable String only(Metadata.Key<String> key) {
        List<String> values = all(key);
        if (values.size() > 1) {
            throw ProblemException.invalid(key.name(), values.size() + " times, expected once");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    private List<String> all(Metadata.Key<String> key) {
        Iterable<String> values = headers.getAll(key);
        List<String> all = new ArrayList<>(1);
        if (values != null) {
            values.forEach(all::add);
        }
        return all;
    }

    /** Tokens reach no log. */
    @Override
    public String toString() {
        return "CallMetadata[remote=" + remote + "]";
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
