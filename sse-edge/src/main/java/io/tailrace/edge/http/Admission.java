package io.tailrace.edge.http;

import io.tailrace.contracts.access.AccessRules;
import io.tailrace.contracts.access.Grants;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.StartPosition;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.edge.stream.ChannelHashes;
import io.tailrace.edge.stream.ResetReason;
import io.tailrace.edge.stream.ResumePlan;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.stream.WantedChannel;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides whether a request gets its stream, and where each channel starts. Pure and immutable. */
final class Admission {
    private static final int MAX_NAMED = 20;

    private final AccessRules rules;

    Admission(AccessRules rules) {
        this.rules = rules;
    }

    /** The decision. */
    sealed interface Decision {}

    /**
     * The stream may open.
     *
     * @param channels what it reads, and from where; channels in {@code last} have a preliminary start
     * @param last channels whose newest events have to be found first, with how many; by their index in {@code channels}
     * @param resumed whether a usable cursor came with the request
     * @param unusableCursor why the cursor is not used, if the stream is to tell it
     */
    record Admitted(
            List<WantedChannel> channels,
            Map<Integer, Integer> last,
            boolean resumed,
            @Nullable ResetReason unusableCursor)
            implements Decision {}

    /** It may not. */
    record Refused(Refusal refusal) implements Decision {}

    private record Allowed(Channel channel, Namespace namespace) {}

    /** Decides for the bearer of {@code grants}. */
    Decision decide(StreamRequest request, Grants grants) {
        List<Allowed> allowed = new ArrayList<>();
        List<Channel> undeclared = new ArrayList<>();
        List<Channel> denied = new ArrayList<>();
        for (Channel channel : request.channels()) {
            switch (rules.subscribe(grants, channel)) {
                case AccessRules.Decision.Allowed(Namespace namespace) -> allowed.add(new Allowed(channel, namespace));
                case AccessRules.Decision.Undeclared() -> undeclared.add(channel);
                case AccessRules.Decision.Denied() -> denied.add(channel);
            }
        }
        if (!undeclared.isEmpty()) {
            return refused(ProblemType.UNDECLARED_NAMESPACE, "namespaces that are not declared", undeclared);
        }
        if (!denied.isEmpty()) {
            return grants.subject() == null
                    ? new Refused(Refusal.unauthorized("these channels need a token: " + names(denied), false))
                    : refused(ProblemType.FORBIDDEN, "channels that the token does not allow", denied);
        }
        return start(request, allowed);
    }

    private static Decision start(StreamRequest request, List<Allowed> allowed) {
        List<WantedChannel> wanted = new ArrayList<>();
        Map<Integer, Integer> last = new HashMap<>();
        for (Allowed channel : allowed) {
            StartPosition position = request.start() == null ? channel.namespace.start() : request.start();
            Start start =
                    switch (position) {
                        case StartPosition.Live() -> new Start.Live();
                        case StartPosition.Earliest() -> new Start.Earliest();
                        case StartPosition.Last(int count) -> {
                            last.put(wanted.size(), count);
                            yield new Start.Live();
                        }
                    };
            PartitionId partition = new PartitionId(
                    channel.namespace.number(), channel.channel.partition(channel.namespace.partitions()));
            wanted.add(new WantedChannel(channel.channel.name(), partition, start));
        }
        Refusal refusal = tooMuch(wanted);
        return refusal == null ? resume(request, wanted, last) : new Refused(refusal);
    }

    private static @Nullable Refusal tooMuch(List<WantedChannel> wanted) {
        long partitions =
                wanted.stream().map(WantedChannel::partition).distinct().count();
        if (partitions > Cursor.MAX_PARTITIONS) {
            return Refusal.of(
                    ProblemType.TOO_MANY_CHANNELS,
                    "channels: they live in " + partitions + " partitions, expected at most " + Cursor.MAX_PARTITIONS);
        }
        List<WantedChannel> collisions = ChannelHashes.collisions(wanted);
        return collisions.isEmpty()
                ? null
                : Refusal.invalid(
                        "channels",
                        collisions.getFirst().name() + ": its hash is that of another channel of this request, "
                                + "expected them on two streams");
    }

    private static Decision resume(StreamRequest request, List<WantedChannel> wanted, Map<Integer, Integer> last) {
        String id = request.lastEventId();
        if (id == null) {
            return new Admitted(wanted, last, false, null);
        }
        return switch (CursorCodec.decode(id)) {
            case CursorDecoding.Decoded(Cursor cursor) -> {
                List<WantedChannel> resumed = ResumePlan.split(cursor, wanted);
                // What resumes, or waits for its oldest event since before, is not looked for.
                last.keySet().removeIf(index -> !resumed.get(index).equals(wanted.get(index)));
                yield new Admitted(resumed, last, true, null);
            }
            case CursorDecoding.Malformed malformed ->
                request.browserReconnect()
                        ? new Admitted(wanted, last, false, ResetReason.MALFORMED)
                        : new Refused(Refusal.of(
                                ProblemType.INVALID_CURSOR,
                                malformed.fault() + ": " + malformed.detail(),
                                List.of(new Problem.FieldError("last_event_id", malformed.detail()))));
        };
    }

    private static Decision refused(ProblemType type, String what, List<Channel> channels) {
        List<Problem.FieldError> errors = channels.stream()
                .limit(MAX_NAMED)
                .map(channel -> new Problem.FieldError("channels", channel.name()))
                .toList();
        return new Refused(Refusal.of(type, what + ": " + names(channels), errors));
    }

    private static String names(List<Channel> channels) {
        String names = String.join(
                ", ", channels.stream().limit(MAX_NAMED).map(Channel::name).toList());
        return channels.size() > MAX_NAMED ? names + " and " + (channels.size() - MAX_NAMED) + " more" : names;
    }
}
