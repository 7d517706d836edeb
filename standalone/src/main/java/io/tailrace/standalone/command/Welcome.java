package io.tailrace.standalone.command;

import io.tailrace.standalone.backend.LocalModelServer;
import io.tailrace.standalone.supervision.Selection;
import io.tailrace.standalone.token.TokenIssuer;
import io.tailrace.standalone.token.TokenRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What {@code up} says when everything is ready.
 *
 * @param origin where it is served
 * @param selection what runs
 * @param issuer makes the ready token
 */
record Welcome(String origin, Selection selection, TokenIssuer issuer) {
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(12);

    /**
     * The lines.
     *
     * @param grpcPort where gRPC is served, if that is known here
     */
    List<String> lines(double seconds, OptionalInt grpcPort) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(String.format(Locale.ROOT, "Tailrace is up after %.1f s.", seconds));
        lines.add("");
        lines.add("  live page   " + origin + "/");
        lines.add("  dashboard   " + origin + "/dashboard");
        lines.add("  console     " + origin + "/console, for whoever has a token of role admin or operator");
        if (selection.has(Selection.LOCAL_MODEL)) {
            lines.add("  model       " + LocalModelServer.MODEL_NAME
                    + ", a small one on this machine: ask it on the live page");
        }
        lines.add("  API         " + origin + "/events, /channels, /posts, /metrics");
        grpcPort.ifPresent(port -> lines.add("  gRPC        localhost:" + port));
        lines.add("  health      " + origin + "/health/readiness, " + origin + "/prometheus");
        if (selection.has("ingest-api") && selection.has("sse-edge")) {
            TokenRequest everything =
                    new TokenRequest("demo", List.of("organizer"), List.of("**"), List.of("**"), TOKEN_LIFETIME);
            lines.add("");
            lines.add("A token for 12 hours, and three things to try:");
            lines.add("");
            lines.add("  TOKEN=" + issuer.issue(everything));
            lines.add("");
            lines.add("  curl -N '" + origin + "/events?channels=news:today'");
            lines.add("  curl " + origin + "/channels/news:today/events -H \"Authorization: Bearer $TOKEN\" \\");
            lines.add("       -H 'Content-Type: application/json' -d '{\"type\":\"headline\",\"data\":{\"text\":\"It"
                    + " works\"}}'");
            lines.add("  curl " + origin + "/posts -H \"Authorization: Bearer $TOKEN\" \\");
            lines.add("       -H 'Content-Type: application/json' -d '{\"text\":\"Hello\"}'");
        }
        lines.add("");
        return lines;
    }
}
