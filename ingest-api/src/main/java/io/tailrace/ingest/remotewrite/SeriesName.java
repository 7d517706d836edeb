package io.tailrace.ingest.remotewrite;

import io.tailrace.ingest.remotewrite.WriteRequest.Label;
import java.util.Comparator;
import java.util.List;

/** The name of the metric of a series: its labels as Prometheus writes them, {@code up{instance="a:9090",job="node"}}. Pure. */
final class SeriesName {
    private static final String METRIC_NAME = "__name__";

    private SeriesName() {}

    /**
     * The name.
     *
     * @param labels in any order; the same labels have the same name
     * @throws IllegalArgumentException if a label has no name, or is there twice, or there is none
     */
    static String of(List<Label> labels) {
        List<Label> sorted =
                labels.stream().sorted(Comparator.comparing(Label::name)).toList();
        String name = "";
        StringBuilder rest = new StringBuilder();
        String before = "";
        for (Label label : sorted) {
            if (label.name().isEmpty()) {
                throw new IllegalArgumentException("a label without a name");
            }
            if (label.name().equals(before)) {
                throw new IllegalArgumentException("the label " + before + " twice");
            }
            before = label.name();
            if (label.name().equals(METRIC_NAME)) {
                name = label.value();
            } else {
                rest.append(rest.isEmpty() ? "" : ",").append(label.name()).append("=\"");
                escape(label.value(), rest);
                rest.append('"');
            }
        }
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("a series without labels");
        }
        return rest.isEmpty() ? name : name + "{" + rest + "}";
    }

    private static void escape(String value, StringBuilder out) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '"' -> out.append("\\\"");
                case '\n' -> out.append("\\n");
                default -> out.append(c);
            }
        }
    }
}
