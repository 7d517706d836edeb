package io.tailrace.workers.testing;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.address.AddressRange;
import io.tailrace.kit.outbound.AddressGuard;
import io.tailrace.kit.outbound.OutboundBounds;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.kit.time.MonotonicTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The client of outbound requests as a worker has it. */
public final class TestHttp {
    private static final Duration SHORT = Duration.ofMillis(1);

    private TestHttp() {}

    /**
     * A client.
     *
     * @param allowed private ranges that people may name all the same
     */
    public static OutboundHttp client(MeterRegistry registry, String... allowed) {
        return client(SHORT, registry, allowed);
    }

    /**
     * A client that leaves hosts alone which failed too often.
     *
     * @param circuitPause for how long
     */
    public static OutboundHttp client(Duration circuitPause, MeterRegistry registry, String... allowed) {
        List<AddressRange> ranges = List.of(allowed).stream()
                .map(range -> AddressRange.parse("range", range))
                .toList();
        return new OutboundHttp(
                bounds(circuitPause),
                new AddressGuard(ranges, List.of()),
                new OutboundHttp.Surroundings(
                        MonotonicTime::nowMs, TimeUnit.MILLISECONDS::sleep, new Random(7), InstantSource.system()),
                registry);
    }

    private static OutboundBounds bounds(Duration circuitPause) {
        return new OutboundBounds(
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                3,
                SHORT,
                Duration.ofMillis(10),
                1_000_000,
                64,
                16,
                1000,
                20,
                50,
                circuitPause,
                2000);
    }
}
