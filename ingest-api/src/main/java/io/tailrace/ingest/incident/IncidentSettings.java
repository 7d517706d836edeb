package io.tailrace.ingest.incident;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of incidents, and how often. Immutable.
 *
 * @param file a file that says who is told: docs/jobs.md; without one, incidents are answered 503
 * @param repeatAfter for so long nobody is told a second time of an incident with the same key, or of an alert in the same state
 */
@ConfigurationProperties("tailrace.notify")
public record IncidentSettings(
        @Bindable(defaultValue = "") String file, @Bindable(defaultValue = "4h") Duration repeatAfter) {
    /** Checks the range, and the file. */
    public IncidentSettings {
        if (repeatAfter.toSeconds() < 1 || repeatAfter.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.notify.repeat-after: " + repeatAfter + ", expected 1 s to 30 days");
        }
        var unused = recipients(file);
    }

    /**
     * Who is told, as the file says now; null without a file.
     *
     * @throws IllegalArgumentException naming every fault of the file
     */
    @Nullable
    Recipients recipients() {
        return recipients(file);
    }

    private static @Nullable Recipients recipients(String file) {
        return file.isBlank() ? null : Recipients.load(Path.of(file));
    }
}
