package io.tailrace.ingest.idempotency;

import io.micronaut.http.HttpRequest;
import io.tailrace.kit.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header {@code Idempotency-Key} (draft ietf-httpapi-idempotency-key-header). Pure. */
public final class KeyHeader {
    private static final String NAME = "Idempotency-Key";
    private static final int MAX_LENGTH = 255;
    private static final String EXPECTED = "1 to " + MAX_LENGTH + " visible ASCII characters";

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
        if (values.size() > 1 || !isValid(key)) {
            throw ProblemException.invalid(NAME, "expected one value of " + EXPECTED);
        }
        return key;
    }

    /**
     * A key that came by other means than a header, or null if it is empty.
     *
     * @param field where it came
     * @throws ProblemException 400 if it is not 1 to 255 visible ASCII characters
     */
    public static @Nullable String of(String field, String key) {
        if (!key.isEmpty() && !isValid(key)) {
            throw ProblemException.invalid(field, "expected " + EXPECTED);
        }
        return key.isEmpty() ? null : key;
    }

    private static boolean isValid(String key) {
        return !key.isEmpty() && key.length() <= MAX_LENGTH && key.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
