package io.tailrace.ingest;

import io.micronaut.context.annotation.Factory;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.tailrace.ingest.decision.DecidedCommands;
import io.tailrace.ingest.erasure.ErasureWorker;
import io.tailrace.ingest.idempotency.OwnerLock;
import io.tailrace.ingest.log.TopicsAtStart;
import io.tailrace.ingest.outbox.OutboxRelay;
import io.tailrace.ingest.rekey.TopicRekeying;
import io.tailrace.kit.cache.FactCaches;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.LoopHealth;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The threads of the service that must go on, in {@code /health}. */
@Factory
final class LoopsFactory {
    @Singleton
    HealthIndicator ingestLoops(
            Collection<DecidedCommands<?>> decided,
            TopicsAtStart topics,
            OwnerLock owner,
            TopicRekeying topicKeys,
            ErasureWorker erasures,
            @Nullable OutboxRelay relay) {
        List<Loop> loops = new ArrayList<>();
        decided.forEach(commands -> loops.add(commands.loop()));
        loops.addAll(List.of(topics.loop(), owner.loop(), topicKeys.loop(), erasures.loop()));
        if (relay != null) {
            loops.add(relay.loop());
        }
        return new LoopHealth("ingest-loops", loops);
    }

    /** The threads that tell the caches what has changed. A cache is made when something is first read through it. */
    @Singleton
    HealthIndicator caches(FactCaches caches) {
        return () -> new LoopHealth("caches", caches.loops()).getResult();
    }
}
