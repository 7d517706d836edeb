package io.tailrace.edge.control;

import io.tailrace.contracts.access.AccessRules;
import io.tailrace.contracts.access.Grants;
import io.tailrace.edge.replay.LastLocator;
import io.tailrace.edge.stream.ChangeOutcome;
import io.tailrace.edge.stream.ChannelChanges;
import io.tailrace.edge.stream.StreamLoop;
import io.tailrace.edge.stream.WantedChannel;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes changes to streams of this edge. Thread-safe. */
@Singleton
final class StreamChanges {
    private final OpenStreams streams;
    private final ChangeRules rules;
    private final LastLocator locator;

    StreamChanges(OpenStreams streams, AccessRules rules, LastLocator locator) {
        this.streams = streams;
        this.rules = new ChangeRules(rules);
        this.locator = locator;
    }

    /** What became of a change. */
    enum Result {
        /** It is done or under way; the stream tells the outcome. */
        ACCEPTED,
        /** This edge has no such stream. */
        UNKNOWN,
        /** The stream is somebody else's. */
        FOREIGN,
        /** The stream's channels can't be changed. */
        FIXED,
        /** The client does not read, and too many changes wait to be told to it. */
        BUSY
    }

    /** Makes a change, if the stream is here. Fails if the log has to be read for it and can't be. */
    CompletionStage<Result> make(StreamChange change) {
        OpenStream open = streams.find(change.connectionId());
        if (open == null) {
            return CompletableFuture.completedFuture(Result.UNKNOWN);
        }
        if (!open.mayBeChangedBy(change.subject())) {
            return CompletableFuture.completedFuture(Result.FOREIGN);
        }
        if (open.isFixed() && !(change.add().isEmpty() && change.remove().isEmpty())) {
            return CompletableFuture.completedFuture(Result.FIXED);
        }
        ChangeRules.Decision decision = rules.decide(change);
        CompletionStage<List<WantedChannel>> located = decision.last().isEmpty()
                ? CompletableFuture.completedFuture(decision.add())
                : locator.locate(decision.add(), decision.last());
        return located.thenCompose(
                add -> onLoop(open, change, new ChannelChanges(add, change.remove(), decision.refused())));
    }

    private CompletionStage<Result> onLoop(OpenStream open, StreamChange change, ChannelChanges changes) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        open.loop().post(core -> result.complete(change(core, open, change, changes)), 0);
        return result;
    }

    /** First the channels and then the token, so that a stream that changes all of its channels is never without any. */
    private Result change(StreamLoop core, OpenStream open, StreamChange change, ChannelChanges changes) {
        if (!open.mayBeChangedBy(change.subject())) {
            return Result.FOREIGN;
        }
        boolean none = changes.add().isEmpty()
                && changes.remove().isEmpty()
                && changes.refused().isEmpty();
        ChangeOutcome outcome = none ? ChangeOutcome.ACCEPTED : core.change(open.stream(), changes);
        StreamChange.Bearer bearer = change.bearer();
        if (outcome == ChangeOutcome.ACCEPTED && bearer != null) {
            Grants grants = bearer.grants();
            open.belongsTo(bearer.subject());
            core.replaceGrants(open.stream(), channel -> rules.allows(grants, channel), bearer.expiresAtMs());
        }
        return switch (outcome) {
            case ACCEPTED -> Result.ACCEPTED;
            case CLOSED -> Result.UNKNOWN;
            case BUSY -> Result.BUSY;
        };
    }
}
