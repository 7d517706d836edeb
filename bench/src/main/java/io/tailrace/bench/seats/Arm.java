package io.tailrace.bench.seats;

import io.tailrace.bench.seats.http.Requests;
import io.tailrace.bench.stand.CpuMeter;
import io.tailrace.bench.stand.Stand;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One of the things that are compared.
 *
 * @param name for the table
 * @param origin where it answers
 * @param requests how it is asked
 * @param cpu the processes that work for it
 */
record Arm(String name, String origin, Requests requests, Cpu cpu) {
    /** CPU seconds until now, by the processes that have used them. */
    @FunctionalInterface
    interface Cpu {
        Map<String, Double> seconds() throws Exception;
    }

    /** Of Tailrace: everything that its supervisor has started, and that itself, which hosts the services. */
    static Cpu tailrace(Stand stand) {
        return () -> {
            Map<String, Double> parts = parts(stand, "kafka", "event-dispatcher", "postgres", "redis");
            double all = CpuMeter.seconds(stand.pid());
            parts.put(
                    "services",
                    all
                            - parts.values().stream()
                                    .mapToDouble(Double::doubleValue)
                                    .sum());
            return parts;
        };
    }

    /** Of what it is compared with. */
    static Cpu rival(Stand stand, long pid, String... stores) {
        return () -> {
            Map<String, Double> parts = parts(stand, stores);
            parts.put("service", CpuMeter.seconds(pid));
            return parts;
        };
    }

    private static Map<String, Double> parts(Stand stand, String... names) throws IOException {
        Map<String, Double> parts = new LinkedHashMap<>();
        for (String name : names) {
            parts.put(name, CpuMeter.seconds(stand.pid(name)));
        }
        return parts;
    }
}
