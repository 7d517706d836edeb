package io.tailrace.ingest.metric;

import io.tailrace.kit.security.Caller;
import jakarta.inject.Singleton;

/** Who may use metrics: anybody where they are open, and otherwise whoever has a token. Thread-safe. */
@Singleton
public final class MetricAccess {
    private final MetricSettings settings;

    MetricAccess(MetricSettings settings) {
        this.settings = settings;
    }

    /**
     * Checks that somebody may.
     *
     * @throws io.tailrace.kit.problem.ProblemException 401 if not
     */
    public void require(Caller caller) {
        if (!settings.open()) {
            var unused = caller.subject();
        }
    }
}
