package io.tailrace.ingest.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgeTls;
import io.tailrace.contracts.bridge.BridgedMetric;
import io.tailrace.ingest.input.BodyFields;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request for a bridge that is as it must be. Immutable.
 *
 * @param intervalMs the least time between two messages, in milliseconds; 0 for each change
 */
record BridgeRequest(
        String target, @Nullable BridgeTls tls, List<BridgedMetric> metrics, String resolution, long intervalMs) {
    private static final Set<String> FIELDS = Set.of("target", "tls", "metrics", "resolution", "frequency");
    private static final Set<String> TLS_FIELDS = Set.of("server_name", "certificates");
    private static final Set<String> METRIC_FIELDS = Set.of("remote", "name");
    private static final String TARGET_EXPECTED =
            "expected the host and the port of a gRPC server, such as sensors.example.org:9090";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    private static final double MAX_FREQUENCY = 1_000;
    private static final double MS_PER_SECOND = 1_000;

    /**
     * Reads a body.
     *
     * @throws ProblemException 400 with every fault
     */
    static BridgeRequest read(JsonNode body, BridgesSettings settings) {
        Faults faults = new Faults();
        BodyFields fields = BodyFields.of(body, FIELDS, faults);
        String target = target(fields, faults);
        BridgeTls tls = tls(fields, faults);
        List<BridgedMetric> metrics = metrics(fields, settings, faults);
        String resolution = resolution(fields, faults);
        long intervalMs = intervalMs(fields, faults);
        faults.throwIfAny();
        return new BridgeRequest(target, tls, metrics, resolution, intervalMs);
    }

    /** The name of a bridge in a path. */
    static String name(String text) {
        if (!Bridge.isName(text)) {
            throw ProblemException.invalid("name", Texts.shown(text) + ", expected [a-z][a-z0-9_.-]{0,47}");
        }
        return text;
    }

    /** The bridge that is asked for. */
    Bridge bridge(String name, Instant createdAt, Instant now) {
        return new Bridge(name, target, tls, metrics, resolution, intervalMs, createdAt, now);
    }

    private static String target(BodyFields fields, Faults faults) {
        JsonNode node = fields.node("target");
        String target = node != null && node.isTextual() ? node.textValue() : "";
        if (!Bridge.isTarget(target) || !isAuthority(target)) {
            boolean isUrl = target.contains("://");
            faults.add(
                    "target",
                    (node == null ? "is missing" : BodyFields.found(node))
                            + (isUrl ? ", which is a URL; " : ", ")
                            + TARGET_EXPECTED);
        }
        return target;
    }

    /** As gRPC reads it, which knows no host with an underscore or with an empty part. */
    private static boolean isAuthority(String target) {
        try {
            return new URI("//" + target).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static @Nullable BridgeTls tls(BodyFields fields, Faults faults) {
        JsonNode node = fields.node("tls");
        if (node == null || node.isBoolean()) {
            return node != null && node.booleanValue() ? new BridgeTls(null, null) : null;
        }
        if (!node.isObject()) {
            faults.add("tls", BodyFields.found(node) + ", expected true, false or an object");
            return null;
        }
        BodyFields tls = fields.object("tls", TLS_FIELDS);
        if (tls == null) {
            return null;
        }
        String name = tls.text("server_name", 253);
        if (name != null && !HOST.matcher(name).matches()) {
            tls.fault("server_name", Texts.shown(name) + ", expected a host");
        }
        String certificates = tls.text("certificates", BridgeTls.MAX_CERTIFICATES);
        if (certificates != null && !isPem(certificates)) {
            tls.fault("certificates", "expected certificates as PEM");
        }
        return new BridgeTls(name, certificates);
    }

    private static boolean isPem(String text) {
        try {
            return text.chars().allMatch(c -> c < 0x80)
                    && !CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
                            .isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }

    private static List<BridgedMetric> metrics(BodyFields fields, BridgesSettings settings, Faults faults) {
        List<BodyFields> objects = fields.objects("metrics", settings.maxMetrics(), METRIC_FIELDS);
        JsonNode node = fields.node("metrics");
        if (node == null || (node.isArray() && node.isEmpty())) {
            faults.add(
                    "metrics",
                    (node == null ? "is missing" : "is empty") + ", expected 1 to " + settings.maxMetrics()
                            + " metrics");
        }
        List<BridgedMetric> metrics = new ArrayList<>();
        Set<String> remotes = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (BodyFields each : objects) {
            String remote = line(each, "remote", BridgedMetric.MAX_REMOTE);
            String name = each.node("name") == null ? remote : line(each, "name", BridgedMetric.MAX_NAME);
            if (remote == null || name == null) {
                continue;
            }
            if (each.node("name") == null && Texts.lineFault(name, BridgedMetric.MAX_NAME) != null) {
                each.fault("name", "is missing, and " + Texts.shown(remote) + " is longer than a name may be");
                continue;
            }
            if (!remotes.add(remote)) {
                each.fault("remote", Texts.shown(remote) + " twice, expected each metric of the source once");
            } else if (!names.add(name)) {
                each.fault("name", Texts.shown(name) + " twice, expected each name once");
            } else {
                metrics.add(new BridgedMetric(remote, name));
            }
        }
        return metrics;
    }

    private static @Nullable String line(BodyFields fields, String field, int most) {
        JsonNode node = fields.node(field);
        String text = node != null && node.isTextual() ? node.textValue() : null;
        String fault = node != null && text == null
                ? BodyFields.found(node) + ", expected a text"
                : Texts.lineFault(text, most);
        if (fault != null) {
            fields.fault(field, fault);
            return null;
        }
        return text;
    }

    private static String resolution(BodyFields fields, Faults faults) {
        JsonNode node = fields.node("resolution");
        if (node == null) {
            return Bridge.RAW;
        }
        String resolution = node.isTextual() ? node.textValue() : "";
        if (!Bridge.isResolution(resolution)) {
            faults.add("resolution", BodyFields.found(node) + ", expected raw or a resolution such as 1s");
        }
        return resolution;
    }

    private static long intervalMs(BodyFields fields, Faults faults) {
        JsonNode node = fields.node("frequency");
        if (node == null) {
            return 0;
        }
        double least = MS_PER_SECOND / Bridge.MAX_INTERVAL.toMillis();
        double frequency = node.isNumber() ? node.doubleValue() : 0;
        if (!(frequency >= least && frequency <= MAX_FREQUENCY)) {
            faults.add(
                    "frequency",
                    BodyFields.found(node) + ", expected once in an hour to " + (long) MAX_FREQUENCY
                            + " messages a second");
            return 0;
        }
        return Math.round(MS_PER_SECOND / frequency);
    }
}
