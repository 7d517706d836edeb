package io.tailrace.dispatcher.feed;

import io.tailrace.dispatcher.poison.FactProcessor;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * Applies follows and unfollows to the followers of the task, in log order. Following oneself changes nothing: one's
 * own posts are in one's feed anyway.
 *
 * @param followers the task's followers
 * @param fanOuts the task's posts that are under way, which are not for who follows only now
 */
record FollowLedger(Followers followers, FanOuts fanOuts) implements FactProcessor.Application<FollowChange> {
    /** The ledger of the task that {@code context} belongs to. */
    static FollowLedger of(ProcessingContext context) {
        return new FollowLedger(Followers.of(context), FanOuts.of(context));
    }

    @Override
    public void apply(FollowChange change, long timestampMs) {
        if (change.followee().equals(change.follower())) {
            return;
        }
        switch (change.kind()) {
            case BEGINS -> followers.add(change.followee(), change.follower(), fanOuts.next());
            case ENDS -> followers.remove(change.followee(), change.follower());
            case FORGOTTEN -> {
                followers.forget(change.followee(), change.follower());
                fanOuts.touch();
            }
        }
    }
}
