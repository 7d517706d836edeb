package io.tailrace.ingest.input;

import io.tailrace.kit.problem.Problem.FieldError;
import io.tailrace.kit.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with a request, so that its sender learns all of it at once. At most {@value #MAX} faults are
 * told. For one thread.
 */
public final class Faults {
    private static final int MAX = 20;

    private final List<FieldError> errors = new ArrayList<>();

    /** Adds a fault; null for {@code message} means that there is none. */
    public void add(String field, @Nullable String message) {
        if (message != null && errors.size() < MAX) {
            errors.add(new FieldError(field, message));
        }
    }

    /** Ends the request with 400 if there are faults. */
    public void throwIfAny() {
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
    }
}
