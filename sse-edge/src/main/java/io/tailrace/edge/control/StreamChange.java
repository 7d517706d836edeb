package io.tailrace.edge.control;

import io.tailrace.contracts.access.Grants;
import io.tailrace.contracts.channel.ChannelPattern;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants of an open stream, checked for form and not yet allowed. Also the data of a
 * {@value #TYPE} event, by which it reaches the edge that has the stream.
 *
 * @param connectionId the stream
 * @param bearer what the token of the request says; null if it had none
 * @param add channels to add
 * @param remove names of channels to remove
 */
record StreamChange(String connectionId, @Nullable Bearer bearer, List<Added> add, List<String> remove)
        implements ControlMessage {
    /** The type of its events. */
    static final String TYPE = "stream_change_requested";

    /**
     * A verified token without its signature.
     *
     * @param subject the bearer's id
     * @param roles the bearer's roles
     * @param subscribe the patterns of channels that it lets its bearer read
     * @param expiresAtMs when it ends, in milliseconds since the epoch
     * @param apiKey the name of the API key that it is; null if it is none
     */
    record Bearer(
            String subject, Set<String> roles, List<String> subscribe, long expiresAtMs, @Nullable String apiKey) {
        Grants grants() {
            return new Grants(
                    subject,
                    roles,
                    subscribe.stream().map(ChannelPattern::parse).toList(),
                    List.of());
        }
    }

    /**
     * A channel to add.
     *
     * @param channel its name
     * @param start {@code live}, {@code earliest} or {@code last:N}; null for the default of its namespace
     */
    record Added(String channel, @Nullable String start) {}

    /** Copies the lists. */
    StreamChange {
        add = List.copyOf(add);
        remove = List.copyOf(remove);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String key() {
        return connectionId;
    }

    /** Whether it leaves the channels alone but for what its token does not allow. */
    boolean isRenewal() {
        return add.isEmpty() && remove.isEmpty();
    }

    /** What the bearer of the request may read. */
    Grants grants() {
        return bearer == null ? Grants.ANONYMOUS : bearer.grants();
    }

    /** Who asks, or null. */
    @Nullable
    String subject() {
        return bearer == null ? null : bearer.subject();
    }
}
