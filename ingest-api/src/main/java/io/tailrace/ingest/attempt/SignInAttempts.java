package io.tailrace.ingest.attempt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.contracts.identity.Sha256;
import io.tailrace.ingest.attempt.TallyStore.Counted;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.redis.RedisAway;
import io.tailrace.kit.redis.RedisLink;
import io.tailrace.kit.redis.RedisSettings;
import io.tailrace.kit.time.MonotonicTime;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Slows down whoever guesses passwords: by account and address together, by address, and by account. An account that does
 * not exist has the same tallies as one that does, and an attempt that comes too early is refused before anything is looked
 * up, so the answers tell nobody which accounts exist. Shared by all nodes through Redis; while that is away each node counts
 * alone. Thread-safe; blocks.
 */
@Singleton
public final class SignInAttempts {
    private static final String PREFIX = "tailrace:sign-in:";

    private final TallyStore shared;
    private final TallyStore local;
    private final Tally.Rule ofPair;
    private final Tally.Rule ofAccount;
    private final Tally.Rule ofAddress;
    private final long askAgainAfterNs;
    private final Counter refused;
    private final Counter failed;
    private volatile long askAgainNs = System.nanoTime();

    SignInAttempts(SignInSettings settings, RedisLink redis, RedisSettings redisSettings, MeterRegistry meters) {
        this.shared = new RedisAttempts(redis);
        this.local = new LocalAttempts(MonotonicTime::nowMs, settings.window().plus(settings.longestPause()));
        this.ofPair = rule(settings, settings.pairFailures(), settings.longestPause());
        this.ofAccount = rule(settings, settings.accountFailures(), settings.longestAccountPause());
        this.ofAddress = rule(settings, settings.addressFailures(), settings.longestPause());
        this.askAgainAfterNs = redisSettings.retryAfter().toNanos();
        this.refused = Counter.builder("tailrace.sign.in.refused")
                .description("Attempts to sign in that came before their pause was over")
                .register(meters);
        this.failed = Counter.builder("tailrace.sign.in.failed")
                .description("Attempts to sign in with a wrong address or password")
                .register(meters);
    }

    /**
     * Signs somebody in, if it is not too early for another attempt.
     *
     * @param email the account's address, as given
     * @param from the client's address
     * @param signIn throws 401 if address or password is wrong; whatever else it throws is no failure of the client's
     * @throws ProblemException 429, with {@code Retry-After}
     */
    public <T> T make(String email, String from, Supplier<T> signIn) {
        String account = digest(email.toLowerCase(Locale.ROOT));
        Counted pair = new Counted(PREFIX + "pair:" + account + ":" + from, ofPair);
        List<Counted> others = List.of(
                new Counted(PREFIX + "account:" + account, ofAccount),
                new Counted(PREFIX + "address:" + from, ofAddress));
        List<Counted> all = List.of(pair, others.getFirst(), others.getLast());
        long waitMs = ask(attempts -> attempts.begin(all));
        if (waitMs > 0) {
            refused.increment();
            throw tooEarly(waitMs);
        }
        T signedIn;
        try {
            signedIn = signIn.get();
        } catch (ProblemException e) {
            if (e.problem().status() == ProblemType.UNAUTHORIZED.status()) {
                failed.increment();
            } else {
                ask(attempts -> takeBack(attempts, all));
            }
            throw e;
        } catch (RuntimeException e) {
            ask(attempts -> takeBack(attempts, all));
            throw e;
        }
        ask(attempts -> {
            attempts.forget(pair);
            // Not forgotten: an attacker could sign in to an account of their own, and the owner's success is none of
            // theirs.
            return takeBack(attempts, others);
        });
        return signedIn;
    }

    /** Asks Redis; while it is away, what this node counted itself. */
    private long ask(Function<TallyStore, Long> question) {
        if (System.nanoTime() - askAgainNs >= 0) {
            try {
                return question.apply(shared);
            } catch (RedisAway e) {
                askAgainNs = System.nanoTime() + askAgainAfterNs;
            }
        }
        return question.apply(local);
    }

    private static long takeBack(TallyStore attempts, List<Counted> tallies) {
        attempts.takeBack(tallies);
        return 0;
    }

    private static ProblemException tooEarly(long waitMs) {
        long seconds = Math.max(1, (waitMs + 999) / 1000);
        return new ProblemException(
                        ProblemType.RATE_LIMITED,
                        "Too many sign-ins have failed. Wait " + seconds + " s before the next.")
                .with("Retry-After", Long.toString(seconds));
    }

    private static Tally.Rule rule(SignInSettings settings, int free, Duration longest) {
        return new Tally.Rule(
                free,
                settings.firstPause().toMillis(),
                longest.toMillis(),
                settings.window().toMillis());
    }

    /** Keys are of one length, whatever is tried, and addresses of people are not in Redis. */
    private static String digest(String email) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(email));
    }
}
