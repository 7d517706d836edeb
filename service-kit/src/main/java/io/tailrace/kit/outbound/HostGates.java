package io.tailrace.kit.outbound;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import okhttp3.HttpUrl;

/**
 * Which hosts are not well, and how many attempts are under way to each. There is a gate for each host and port, one for
 * addresses of settings and one for those that people have named, so that a person who names a host with a path that always
 * fails stops no service of the platform. Bounded: of more hosts than allowed, those that are used least start anew. Thread-safe.
 */
final class HostGates {
    /** As many attempts find out whether a host is well again. */
    private static final int PROBES = 1;

    private final Cache<String, HostGate> gates;
    private final CircuitBreakerConfig circuits;
    private final int callsPerHost;

    HostGates(OutboundBounds bounds, LongSupplier nowMs) {
        this.gates = Caffeine.newBuilder()
                .maximumSize(bounds.maxHosts())
                // On the caller's thread: it is little, and a pool of threads for it would be more.
                .executor(Runnable::run)
                .build();
        this.callsPerHost = bounds.maxCallsPerHost();
        this.circuits = CircuitBreakerConfig.custom()
                .slidingWindow(
                        bounds.circuitCalls(),
                        bounds.circuitCalls(),
                        CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(bounds.circuitFailurePercent())
                .slowCallRateThreshold(100)
                .slowCallDurationThreshold(Duration.ofDays(1))
                .waitDurationInOpenState(bounds.circuitPause())
                .permittedNumberOfCallsInHalfOpenState(PROBES)
                .writableStackTraceEnabled(false)
                .clock(new ElapsedTime(nowMs))
                .build();
    }

    /** The gate of a URL's host. */
    HostGate of(HttpUrl url, boolean isPersonal) {
        String host = url.host() + ":" + url.port();
        return gates.get(
                (isPersonal ? "person " : "setting ") + host,
                key -> new HostGate(CircuitBreaker.of(host, circuits), new Semaphore(callsPerHost, true)));
    }

    /** How many hosts are remembered. */
    long size() {
        gates.cleanUp();
        return gates.estimatedSize();
    }

    /** How many hosts are left alone. */
    long open() {
        return gates.asMap().values().stream().filter(HostGate::isOpen).count();
    }

    /** A clock for the library's pauses that nobody can set. */
    private static final class ElapsedTime extends Clock {
        private final LongSupplier nowMs;

        ElapsedTime(LongSupplier nowMs) {
            this.nowMs = nowMs;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMs.getAsLong());
        }

        @Override
        public long millis() {
            return nowMs.getAsLong();
        }
    }
}
