package io.tailrace.contracts.access;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.ChannelPattern;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import java.util.List;

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
                .map(n -> decide(n, n.subscribe(), grants, grants.subscribe(), channel))
                .orElseGet(Decision.Undeclared::new);
    }

    /** Whether the bearer of {@code grants} may publish on {@code channel}. */
    public Decision publish(Grants grants, Channel channel) {
        return namespaces
                .of(channel)
                .map(n -> n.publish() == Namespace.Audience.NONE
                        ? new Decision.Denied()
                        : decide(n, n.publish(), grants, grants.publish(), channel))
                .orElseGet(Decision.Undeclared::new);
    }

    private static Decision decide(
            Namespace namespace,
            Namespace.Audience audience,
            Grants grants,
            List<ChannelPattern> patterns,
            Channel channel) {
        boolean byAudience =
                switch (audience) {
                    case PUBLIC -> true;
                    case AUTHENTICATED -> grants.subject() != null;
                    case OWNER -> channel.secondPart().equals(grants.subject());
                    case GRANT, NONE -> false;
                };
        boolean allowed = byAudience || patterns.stream().anyMatch(p -> p.matches(channel));
        return allowed ? new Decision.Allowed(namespace) : new Decision.Denied();
    }
}
