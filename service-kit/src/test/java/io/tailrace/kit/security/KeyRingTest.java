package io.tailrace.kit.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Readings of the keys that fail by more than a server that is away. */
class KeyRingTest {
    private static final JwksSettings SETTINGS = new JwksSettings(
            "keys", null, Duration.ofSeconds(5), Duration.ofMinutes(10), Duration.ofSeconds(1), 1 << 18, 32);

    private static final String JWKS = Tokens.jwks(Tokens.ecKey("key-1").toPublicJWK());

    private long nowNs;
    private boolean fails = true;
    private String document = JWKS;

    @Test
    void aReadingThatNoThreadCouldBeHadForIsFollowedByAnother() {
        KeyRing ring = ring(() -> JWKS, task -> {
            if (fails) {
                throw new RejectedExecutionException("no thread");
            }
            task.run();
        });

        assertThat(ring.refresh()).isCompletedWithValue(null);
        goOn();

        assertThat(ring.refresh().join()).isNotNull();
    }

    @Test
    void aReadingThatEndsWithAnErrorIsFollowedByAnother() {
        KeyRing ring = ring(
                () -> {
                    if (fails) {
                        throw new NoClassDefFoundError("a class is missing");
                    }
                    return JWKS;
                },
                Runnable::run);

        assertThat(ring.refresh()).isCompletedWithValue(null);
        goOn();

        assertThat(ring.refresh().join()).isNotNull();
    }

    @Test
    void theSameKeysInAnotherOrderAreTheSameKeySet() {
        JWK one = Tokens.ecKey("one").toPublicJWK();
        JWK other = Tokens.ecKey("other").toPublicJWK();
        document = Tokens.jwks(one, other);
        KeyRing ring = ring(() -> document, Runnable::run);
        KeySet first = ring.refresh().join();

        document = Tokens.jwks(other, one);
        assertThat(ring.reread()).isCompletedWithValue(true);
        assertThat(ring.current()).isSameAs(first);

        document = Tokens.jwks(other);
        assertThat(ring.reread()).isCompletedWithValue(true);
        assertThat(ring.current()).isNotSameAs(first);
    }

    @Test
    void aRereadingOfTheSameKeysHasSucceeded() {
        KeyRing ring = ring(() -> document, Runnable::run);

        assertThat(ring.reread()).isCompletedWithValue(true);
        assertThat(ring.reread()).isCompletedWithValue(true);
        document = "out of order";
        assertThat(ring.reread()).isCompletedWithValue(false);
    }

    private void goOn() {
        fails = false;
        nowNs += TimeUnit.SECONDS.toNanos(2);
    }

    private KeyRing ring(KeySource source, java.util.concurrent.Executor executor) {
        return new KeyRing(source, SETTINGS, executor, () -> nowNs, new SecurityMeters(new SimpleMeterRegistry()));
    }
}
