package io.tailrace.ingest.account;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.contracts.identity.Sha256;
import io.tailrace.kit.problem.ProblemException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Hashes and checks passwords on a few threads of its own, so that a burst of logins takes neither all cores nor all
 * memory. Thread-safe; blocks until it is its caller's turn and the hash is made.
 */
@Singleton
final class Passwords {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final SecureRandom random = new SecureRandom();
    private final ThreadPoolExecutor executor;
    private final Counter refused;

    /** What an unknown address is checked against, so that it takes as long as a known one. */
    private final PasswordHash nobody;

    Passwords(PasswordSettings settings, MeterRegistry meters) {
        int cores = Runtime.getRuntime().availableProcessors();
        int threads = settings.threads() > 0 ? settings.threads() : Math.max(1, cores - 1);
        executor = new ThreadPoolExecutor(
                threads,
                threads,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(settings.maxWaiting()),
                Thread.ofPlatform().daemon().name("passwords-", 0).factory());
        executor.allowCoreThreadTimeOut(true);
        refused = Counter.builder("tailrace.passwords.refused")
                .description("Requests that were refused because too many passwords waited to be hashed")
                .register(meters);
        Gauge.builder("tailrace.passwords.waiting", () -> executor.getQueue().size())
                .description("Passwords that wait to be hashed")
                .register(meters);
        nobody = new PasswordHash(PasswordHash.MEMORY_KIB, PasswordHash.ITERATIONS, salt(), new byte[32]);
    }

    /**
     * The hash of a password, in PHC string form.
     *
     * @throws ProblemException 503 if too many wait already
     */
    String hash(String password) {
        return run(() -> PasswordHash.of(password, salt()).phc());
    }

    /**
     * Whether {@code phc} is the hash of {@code password}.
     *
     * @throws ProblemException 503 if too many wait already
     */
    boolean matches(String password, String phc) {
        PasswordHash hash = PasswordHash.parse(phc);
        return run(() -> hash.isOf(password));
    }

    /** Takes as long as {@link #matches} and says no. */
    boolean matchesNobody(String password) {
        var unused = run(() -> nobody.isOf(password));
        return false;
    }

    /**
     * Something by which a password is known again within one {@code context}, as hard to guess from as its hash.
     *
     * @throws ProblemException 503 if too many wait already
     */
    String fingerprint(String password, String context) {
        byte[] salt = Arrays.copyOf(Sha256.of("tailrace fingerprint\n" + context), PasswordHash.SALT_BYTES);
        return run(
                () -> HexFormat.of().formatHex(PasswordHash.of(password, salt).hash()));
    }

    @PreDestroy
    void close() {
        executor.shutdownNow();
    }

    private byte[] salt() {
        byte[] salt = new byte[PasswordHash.SALT_BYTES];
        random.nextBytes(salt);
        return salt;
    }

    private <T> T run(Callable<T> work) {
        Future<T> future;
        try {
            future = executor.submit(work);
        } catch (RejectedExecutionException e) {
            refused.increment();
            throw ProblemException.unavailable("Too many people are signing in", RETRY_AFTER, null);
        }
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a password could not be hashed", e.getCause());
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("The service is stopping", RETRY_AFTER, null);
        }
    }
}
