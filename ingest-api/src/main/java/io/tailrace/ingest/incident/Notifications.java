package io.tailrace.ingest.incident;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of what a request was about.
 *
 * @param notifications one for each incident, recipient and way
 */
@Introspected
record Notifications(List<Notification> notifications) {
    /**
     * One message.
     *
     * @param recipient who gets it, as the file calls them
     * @param type the type of its job, {@code email}, {@code telegram} or {@code webhook}
     * @param job the job, or the one that has told of the same before
     * @param state where the job stands; {@code pending} if that is not decided yet
     * @param repeated whether they were told before
     * @param runAt when it is sent, if it waits for the end of somebody's quiet hours
     */
    @Introspected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Notification(
            String recipient, String type, UUID job, String state, boolean repeated, @Nullable Instant runAt) {}
}
