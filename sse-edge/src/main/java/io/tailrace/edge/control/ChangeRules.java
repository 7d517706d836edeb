package io.tailrace.edge.control;

import io.tailrace.contracts.access.AccessRules;
import io.tailrace.contracts.access.Grants;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.StartPosition;
import io.tailrace.edge.stream.ChannelChanges;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.stream.WantedChannel;
import io.tailrace.edge.window.PartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decides which channels of a change may be added. One that may not be is refused alone. Pure and immutable. */
final class ChangeRules {
    private final AccessRules rules;

    ChangeRules(AccessRules rules) {
        this.rules = rules;
    }

    /**
     * A decision.
     *
     * @param add what may be added; channels in {@code last} have a preliminary start
     * @param last channels whose newest events have to be found first, with how many; by their index in {@code add}
     * @param refused what may not be added
     */
    record Decision(List<WantedChannel> add, Map<Integer, Integer> last, List<ChannelChanges.Refused> refused) {}

    /** Decides for the bearer of the change's token. */
    Decision decide(StreamChange change) {
        Grants grants = change.grants();
        List<WantedChannel> add = new ArrayList<>();
        Map<Integer, Integer> last = new HashMap<>();
        List<ChannelChanges.Refused> refused = new ArrayList<>();
        for (StreamChange.Added wanted : change.add()) {
            Channel channel = new Channel(wanted.channel());
            switch (rules.subscribe(grants, channel)) {
                case AccessRules.Decision.Undeclared() ->
                    refused.add(new ChannelChanges.Refused(channel.name(), "undeclared"));
                case AccessRules.Decision.Denied() ->
                    refused.add(new ChannelChanges.Refused(channel.name(), "forbidden"));
                case AccessRules.Decision.Allowed(Namespace namespace) -> {
                    StartPosition position =
                            wanted.start() == null ? namespace.start() : StartPosition.parse(wanted.start());
                    if (position instanceof StartPosition.Last(int count)) {
                        last.put(add.size(), count);
                    }
                    Start start = position instanceof StartPosition.Earliest ? new Start.Earliest() : new Start.Live();
                    PartitionId partition =
                            new PartitionId(namespace.number(), channel.partition(namespace.partitions()));
                    add.add(new WantedChannel(channel.name(), partition, start));
                }
            }
        }
        return new Decision(add, last, refused);
    }

    /** Whether a channel that a stream has may still be read. */
    boolean allows(Grants grants, String channel) {
        return rules.subscribe(grants, new Channel(channel)) instanceof AccessRules.Decision.Allowed;
    }
}
