package io.tailrace.edge.control;

import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.StartPosition;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a {@code PATCH}, as it was sent. An empty one renews the stream's token and changes nothing else.
 *
 * @param add channels to add
 * @param remove channels to remove
 */
@Introspected
record ChannelPatch(@Nullable List<@Nullable Addition> add, @Nullable List<@Nullable String> remove) {
    private static final int MAX_FAULTS = 10;

    /**
     * A channel to add.
     *
     * @param channel its name
     * @param start {@code live}, {@code earliest} or {@code last:N}; nothing for the default of its namespace
     */
    @Introspected
    record Addition(@Nullable String channel, @Nullable String start) {}

    /**
     * The change, checked for form.
     *
     * @throws ProblemException 400 with every fault
     */
    StreamChange checked(String connectionId, Caller caller, int maxChannels) {
        List<@Nullable Addition> additions = add == null ? List.of() : add;
        List<@Nullable String> removals = remove == null ? List.of() : remove;
        if (additions.size() > maxChannels || removals.size() > maxChannels) {
            throw new ProblemException(
                    ProblemType.TOO_MANY_CHANNELS,
                    "add: " + additions.size() + " channels, remove: " + removals.size() + ", expected at most "
                            + maxChannels + " each");
        }
        List<Problem.FieldError> faults = new ArrayList<>();
        List<StreamChange.Added> added = new ArrayList<>();
        for (int i = 0; i < additions.size(); i++) {
            added.add(addition(additions.get(i), "add[" + i + "]", faults));
        }
        List<String> removed = new ArrayList<>();
        for (int i = 0; i < removals.size(); i++) {
            removed.add(name(removals.get(i), "remove[" + i + "]", faults));
        }
        if (!faults.isEmpty()) {
            throw ProblemException.invalid(faults.subList(0, Math.min(faults.size(), MAX_FAULTS)));
        }
        return new StreamChange(connectionId, bearer(caller), added, removed);
    }

    private static StreamChange.Added addition(
            @Nullable Addition addition, String field, List<Problem.FieldError> faults) {
        if (addition == null) {
            faults.add(new Problem.FieldError(field, "missing, expected {\"channel\": …}"));
            return new StreamChange.Added("", null);
        }
        String start = addition.start();
        if (start != null) {
            try {
                Objects.requireNonNull(StartPosition.parse(start));
            } catch (IllegalArgumentException e) {
                faults.add(new Problem.FieldError(field + ".start", String.valueOf(e.getMessage())));
            }
        }
        return new StreamChange.Added(name(addition.channel(), field + ".channel", faults), start);
    }

    private static String name(@Nullable String name, String field, List<Problem.FieldError> faults) {
        if (name == null) {
            faults.add(new Problem.FieldError(field, "missing, expected a channel's name"));
            return "";
        }
        try {
            return new Channel(name).name();
        } catch (IllegalArgumentException e) {
            faults.add(new Problem.FieldError(field, String.valueOf(e.getMessage())));
            return "";
        }
    }

    private static StreamChange.@Nullable Bearer bearer(Caller caller) {
        String subject = caller.grants().subject();
        Instant expiresAt = caller.expiresAt();
        return subject == null || expiresAt == null
                ? null
                : new StreamChange.Bearer(
                        subject,
                        caller.grants().roles(),
                        caller.grants().subscribe().stream()
                                .map(pattern -> pattern.text())
                                .toList(),
                        expiresAt.toEpochMilli(),
                        caller.apiKey());
    }
}
