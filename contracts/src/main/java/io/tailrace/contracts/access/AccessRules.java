package io.tailrace.contracts.access;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.ChannelPattern;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides who may read and publish, from the namespace's declaration and the token's grants. Immutable. */
public final class AccessRules {
    private final Namespaces namespaces;

    /** Rules over the declared namespaces. */
    public AccessRules(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    /** The answer to "may I?". */
    public sealed interface Decision {
        /** Yes. */
        record Allowed(Namespace namespace) implements Decision {}

        /** No such namespace: HTTP 404. */
        record Undeclared() implements Decision {}

        /** No access: HTTP 401 for somebody without a token, else 403. */
        record Denied() implements Decision {}
    }

    /** Whether the bearer of {@code grants} may read {@code channel}. */
    public Decision subscribe(Grants grants, Channel channel) {
        return namespaces
                .of(channel)
                .map(n -> decide(n, n.subscribe(channel), grants, grants.subscribe(), channel))
                .orElseGet(Decision.Undeclared::new);
    }

    /** Whether the bearer of {@code grants} may publish on {@code channel}. */
    public Decision publish(Grants grants, Channel channel) {
        return namespaces
                .of(channel)
                .map(n -> decide(n, n.publish(channel), grants, grants.publish(), channel))
                .orElseGet(Decision.Undeclared::new);
    }

    private static Decision decide(
            Namespace namespace,
            Namespace.Audience audience,
            Grants grants,
            List<ChannelPattern> patterns,
            Channel channel) {
        String subject = grants.subject();
        boolean allowed =
                switch (audience) {
                    case PUBLIC -> true;
                    case AUTHENTICATED -> subject != null || granted(patterns, channel);
                    case OWNER -> owns(subject, channel) || granted(patterns, channel);
                    case GRANT -> granted(patterns, channel);
                    case NONE -> false;
                };
        return allowed ? new Decision.Allowed(namespace) : new Decision.Denied();
    }

    private static boolean granted(List<ChannelPattern> patterns, Channel channel) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(channel));
    }

    /** A channel without a second part has no owner, also not somebody whose subject is empty. */
    private static boolean owns(@Nullable String subject, Channel channel) {
        return subject != null && !subject.isEmpty() && subject.equals(channel.secondPart());
    }
}
