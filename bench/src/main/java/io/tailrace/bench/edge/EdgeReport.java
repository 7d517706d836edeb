package io.tailrace.bench.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.bench.edge.point.Sample;
import io.tailrace.bench.edge.server.Servers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The samples of all rounds by point and server, and the medians of their figures. Used by one thread. */
final class EdgeReport {
    private final Map<String, Map<String, List<Sample>>> samples = new LinkedHashMap<>();

    void add(String point, String server, Sample sample) {
        samples.computeIfAbsent(point, name -> new LinkedHashMap<>())
                .computeIfAbsent(server, name -> new ArrayList<>())
                .add(sample);
    }

    /** Messages that an edge has lost, repeated, changed the order of or sent to the wrong stream, in all rounds. */
    long wrong() {
        return (long) samples.values().stream()
                .flatMap(servers -> Stream.of(Servers.EDGE, Servers.EDGE_IO_URING)
                        .flatMap(edge -> servers.getOrDefault(edge, List.of()).stream()))
                .mapToDouble(sample -> sample.figures().getOrDefault(Sample.WRONG, 0.0))
                .sum();
    }

    /** The table for people: a block for each point, a line for each figure, a column for each server. */
    String table() {
        StringBuilder table = new StringBuilder();
        samples.forEach((point, servers) -> {
            table.append(String.format(Locale.ROOT, "%n%-28s", point));
            servers.keySet().forEach(server -> table.append(String.format(Locale.ROOT, "%15s", server)));
            List<String> rivals = servers.keySet().stream()
                    .filter(server -> !server.equals(Servers.EDGE) && servers.containsKey(Servers.EDGE))
                    .toList();
            rivals.forEach(rival -> table.append(String.format(Locale.ROOT, "%20s", "edge/" + rival)));
            table.append('\n');
            for (String figure : figures(servers)) {
                table.append(String.format(Locale.ROOT, "  %-26s", figure));
                servers.forEach((server, runs) -> table.append(text(median(runs, figure), 15)));
                for (String rival : rivals) {
                    table.append(text(ratio(servers, rival, figure), 20));
                }
                table.append('\n');
            }
        });
        return table.toString();
    }

    /** One line of JSON. */
    String json(Map<String, Object> settings) {
        Map<String, Object> points = new LinkedHashMap<>();
        samples.forEach((point, servers) -> {
            Map<String, Object> byServer = new LinkedHashMap<>();
            servers.forEach((server, runs) -> {
                Map<String, Object> byFigure = new LinkedHashMap<>();
                for (String figure : figures(servers)) {
                    Double value = median(runs, figure);
                    if (value != null) {
                        byFigure.put(figure, rounded(value));
                    }
                }
                byFigure.put("rounds", runs.size());
                byServer.put(server, byFigure);
            });
            points.put(point, byServer);
        });
        try {
            return new ObjectMapper()
                    .writeValueAsString(
                            Map.of("benchmark", "edge", "settings", settings, "points", points, "wrong", wrong()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report that is not JSON", e);
        }
    }

    private static List<String> figures(Map<String, List<Sample>> servers) {
        return servers.values().stream()
                .flatMap(List::stream)
                .flatMap(sample -> sample.figures().keySet().stream())
                .distinct()
                .toList();
    }

    private static @Nullable Double ratio(Map<String, List<Sample>> servers, String rival, String figure) {
        Double edge = median(servers.getOrDefault(Servers.EDGE, List.of()), figure);
        Double other = median(servers.getOrDefault(rival, List.of()), figure);
        return edge == null || other == null || other == 0 ? null : edge / other;
    }

    /** The middle one of an odd number of rounds, the lower one of the two middles else. */
    private static @Nullable Double median(List<Sample> runs, String figure) {
        List<Double> values = runs.stream()
                .map(sample -> sample.figures().get(figure))
                .filter(java.util.Objects::nonNull)
                .sorted()
                .toList();
        return values.isEmpty() ? null : values.get((values.size() - 1) / 2);
    }

    private static String text(@Nullable Double value, int width) {
        if (value == null) {
            return " ".repeat(width);
        }
        return String.format(Locale.ROOT, "%" + width + (Math.abs(value) >= 1000 ? ".0f" : ".2f"), value);
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
