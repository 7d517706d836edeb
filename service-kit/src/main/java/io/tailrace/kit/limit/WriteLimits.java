package io.tailrace.kit.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.security.Caller;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The limits of writes, by caller, and of large reads, by address. Thread-safe; never blocks. */
@Singleton
public final class WriteLimits {
    /** Quiet for so long, a caller's buckets are full again or nearly so. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);

    private final @Nullable SharedBuckets shared;
    private final TimeMeter clock;
    private final LimitMeters meters;
    private final Kind person;
    private final Kind service;
    private final Kind address;
    private final Kind reader;
    private final Cache<String, CallerLimit> callers;

    private record Kind(Allowance allowance, LimitMeters.Outcomes outcomes) {}

    @Inject
    WriteLimits(LimitSettings settings, @Nullable SharedBuckets shared, MeterRegistry registry) {
        this(settings, shared, registry, TimeMeter.SYSTEM_MILLISECONDS);
    }

    WriteLimits(LimitSettings settings, @Nullable SharedBuckets shared, MeterRegistry registry, TimeMeter clock) {
        this.shared = shared;
        this.clock = clock;
        this.meters = new LimitMeters(registry);
        this.person = kind("person", settings.personPerSecond(), settings.personBurst());
        this.service = kind("service", settings.servicePerSecond(), settings.serviceBurst());
        this.address = kind("address", settings.addressPerSecond(), settings.addressBurst());
        this.reader = kind("reader", settings.readPerSecond(), settings.readBurst());
        this.callers = Caffeine.newBuilder()
                .maximumSize(settings.maxCallers())
                .expireAfterAccess(FORGOTTEN_AFTER)
                // On the caller's thread: it is little, and a pool of threads for it would be more.
                .executor(Runnable::run)
                .build();
    }

    /**
     * Takes one write of somebody. Each API key has a limit of its own, of the kind of its bearer.
     *
     * @param from the client's address, by which a caller without a token is known
     * @return never exceptional; done already in the usual case. Null if this kind of caller has no limit
     */
    @Nullable
    CompletableFuture<Ruling> take(Caller caller, String from) {
        String subject = caller.grants().subject();
        Kind kind = subject == null ? address : Caller.accountId(subject).isPresent() ? person : service;
        String key = caller.apiKey();
        return take(kind, key != null ? key : subject == null ? from : subject);
    }

    /**
     * Takes one write of somebody; waits for Redis if that has to be asked.
     *
     * @param from as in {@link #take}
     * @throws io.tailrace.kit.problem.ProblemException 429 if it comes too soon
     */
    public void require(Caller caller, String from) {
        allow(take(caller, from), "write");
    }

    /**
     * Takes one read with a large answer. Whoever it is, the address counts: an account costs nothing.
     *
     * @param from the client's address
     * @return as {@link #take}
     */
    @Nullable
    CompletableFuture<Ruling> takeRead(String from) {
        return take(reader, from);
    }

    /**
     * Takes one read with a large answer; waits as {@link #require}.
     *
     * @param from as in {@link #takeRead}
     * @throws io.tailrace.kit.problem.ProblemException 429 if it comes too soon
     */
    public void requireRead(String from) {
        allow(takeRead(from), "read");
    }

    private static void allow(@Nullable CompletableFuture<Ruling> taken, String what) {
        Ruling ruling = taken == null ? null : taken.join();
        if (ruling != null && !ruling.allowed()) {
            throw ruling.refusal(what);
        }
    }

    private @Nullable CompletableFuture<Ruling> take(Kind kind, String who) {
        Allowance allowance = kind.allowance();
        if (!allowance.isLimited()) {
            return null;
        }
        String key = allowance.name() + ":" + who;
        CompletableFuture<Ruling> ruling =
                callers.get(key, k -> new CallerLimit(k, allowance, clock)).take(shared, meters);
        return ruling.whenComplete((made, never) -> kind.outcomes().count(made));
    }

    private Kind kind(String name, int perSecond, int burst) {
        Allowance allowance = new Allowance(name, perSecond, burst);
        return new Kind(allowance, meters.outcomes(allowance));
    }
}
