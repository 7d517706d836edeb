package io.tailrace.contracts.access;

import io.tailrace.contracts.channel.ChannelPattern;
import io.tailrace.contracts.job.JobTypePattern;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a verified token says about its bearer.
 *
 * @param subject the bearer's id, or null for somebody without a token
 * @param roles the bearer's roles
 * @param subscribe the channels that the token lets its bearer read beyond what the namespaces allow
 * @param publish the channels that the token lets its bearer publish on
 * @param jobs the types of jobs that the token lets its bearer enqueue, read and cancel
 */
public record Grants(
        @Nullable String subject,
        Set<String> roles,
        List<ChannelPattern> subscribe,
        List<ChannelPattern> publish,
        List<JobTypePattern> jobs) {
    /** Somebody without a token. */
    public static final Grants ANONYMOUS = new Grants(null, Set.of(), List.of(), List.of());

    /** Copies the collections. */
    public Grants {
        roles = Set.copyOf(roles);
        subscribe = List.copyOf(subscribe);
        publish = List.copyOf(publish);
        jobs = List.copyOf(jobs);
    }

    /** What a token says that names no types of jobs. */
    public Grants(
            @Nullable String subject, Set<String> roles, List<ChannelPattern> subscribe, List<ChannelPattern> publish) {
        this(subject, roles, subscribe, publish, List.of());
    }
}
