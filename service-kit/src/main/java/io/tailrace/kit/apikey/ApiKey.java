package io.tailrace.kit.apikey;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tailrace.contracts.access.Grants;
import io.tailrace.contracts.channel.ChannelPattern;
import io.tailrace.contracts.job.JobTypePattern;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an API key says about its bearer, as it is in the log. The key itself is nowhere.
 *
 * @param id by which it is revoked
 * @param subject the bearer
 * @param roles the bearer's roles
 * @param subscribe patterns of channels to read
 * @param publish patterns of channels to publish on
 * @param jobs patterns of types of jobs
 * @param createdAt when it was made
 * @param expiresAt when it ends; null for never
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ApiKey(
        UUID id,
        String subject,
        List<String> roles,
        List<String> subscribe,
        List<String> publish,
        List<String> jobs,
        Instant createdAt,
        @Nullable Instant expiresAt) {
    private static final int MAX_SUBJECT_LENGTH = 128;

    /** Copies the lists and checks everything. */
    public ApiKey {
        if (subject.isBlank()
                || subject.length() > MAX_SUBJECT_LENGTH
                || subject.chars().anyMatch(c -> c == '/' || Character.isISOControl(c))) {
            throw new IllegalArgumentException("the subject \"" + subject.replaceAll("\\p{Cntrl}", "?")
                    + "\": expected 1 to " + MAX_SUBJECT_LENGTH + " characters, without a slash");
        }
        roles = List.copyOf(roles);
        subscribe = List.copyOf(subscribe);
        publish = List.copyOf(publish);
        jobs = List.copyOf(jobs);
        var unused = grants(subject, roles, subscribe, publish, jobs);
    }

    /** What its bearer may do. */
    public Grants grants() {
        return grants(subject, roles, subscribe, publish, jobs);
    }

    /** Whether it has ended by then. */
    boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    private static Grants grants(
            String subject, List<String> roles, List<String> subscribe, List<String> publish, List<String> jobs) {
        return new Grants(
                subject,
                Set.copyOf(roles),
                subscribe.stream().map(ChannelPattern::parse).toList(),
                publish.stream().map(ChannelPattern::parse).toList(),
                jobs.stream().map(JobTypePattern::new).toList());
    }
}
