package io.tailrace.ingest.idempotency;

import io.micronaut.http.HttpRequest;
import io.tailrace.kit.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header {@code Idempotency-Key} (draft ietf-httpapi-idempotency-key-header). Pure. */
public final class KeyHeader {
    private static final String NAME = "Idempotency-Key";
    private static final int MAX_LENGTH = 255;

    private KeyHeader() {}

    /**
     * The key of a request, or null if it has none.
     *
     * @throws ProblemException 400 if there are two, or it is not 1 to 255 visible ASCII characters
     */
    public static @Nullable String of(HttpRequest<?> request) {
        List<String> values = request.getHeaders().getAll(NAME);
        if (values.isEmpty()) {
            return null;
        }
        String key = values.getFirst();
        boolean valid =
                !key.isEmpty() && key.length() <= MAX_LENGTH && key.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (values.size() > 1 || !valid) {
            throw ProblemException.invalid(
                    NAME, "expected one value of 1 to " + MAX_LENGTH + " visible ASCII characters");
        }
        return key;
    }
}
