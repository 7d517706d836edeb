package io.tailrace.kit.boot;

import java.util.List;

/** Settings with which a service cannot start: everything that is wrong with them, a line for each. */
public final class InvalidSettings extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private InvalidSettings(String message) {
        super(message);
    }

    /** One setting that cannot be used. */
    public static InvalidSettings of(String fault) {
        return new InvalidSettings(fault);
    }

    static InvalidSettings of(List<String> faults) {
        return new InvalidSettings(
                faults.size() == 1
                        ? faults.getFirst()
                        : faults.size() + " settings cannot be used:\n  " + String.join("\n  ", faults));
    }
}
