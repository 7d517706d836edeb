package io.tailrace.standalone.token;

import io.tailrace.contracts.channel.ChannelPattern;
import io.tailrace.contracts.job.JobTypePattern;
import java.time.Duration;
import java.util.List;

/**
 * What a token is to say.
 *
 * @param subject its bearer
 * @param roles the bearer's roles
 * @param subscribe patterns of channels that the bearer may read
 * @param publish patterns of channels that the bearer may publish on
 * @param jobs patterns of types of jobs that the bearer may enqueue, read and cancel
 * @param lifetime how long it is valid
 */
public record TokenRequest(
        String subject,
        List<String> roles,
        List<String> subscribe,
        List<String> publish,
        List<String> jobs,
        Duration lifetime) {
    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException naming what is wrong and what was expected
     */
    public TokenRequest {
        if (subject.isBlank()) {
            throw new IllegalArgumentException("--sub: expected a name");
        }
        if (lifetime.isNegative() || lifetime.isZero()) {
            throw new IllegalArgumentException("--ttl " + lifetime + ": expected above 0");
        }
        roles = List.copyOf(roles);
        subscribe = List.copyOf(subscribe);
        publish = List.copyOf(publish);
        subscribe.forEach(ChannelPattern::parse);
        publish.forEach(ChannelPattern::parse);
        jobs = List.copyOf(jobs);
        jobs.forEach(JobTypePattern::new);
    }

    /** One without jobs. */
    public TokenRequest(
            String subject, List<String> roles, List<String> subscribe, List<String> publish, Duration lifetime) {
        this(subject, roles, subscribe, publish, List.of(), lifetime);
    }
}
