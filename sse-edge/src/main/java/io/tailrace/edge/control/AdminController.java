package io.tailrace.edge.control;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.security.annotation.Secured;
import io.tailrace.edge.loop.EdgeLoop;
import io.tailrace.edge.stream.StreamInfo;
import io.tailrace.kit.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an operator sees of the streams of this edge; a page costs what is on it, and a search a look at each stream. */
@Controller("/admin")
@Secured("admin")
final class AdminController {
    private static final int MAX_LIMIT = 1_000;

    private final OpenStreams streams;
    private final NodeName node;

    AdminController(OpenStreams streams, NodeName node) {
        this.streams = streams;
        this.node = node;
    }

    /**
     * A page of streams in the order in which they were opened.
     *
     * @param node the edge that they are of
     * @param connections the streams
     * @param next the value of {@code after} for the next page; null on the last one
     */
    @Introspected
    record ConnectionPage(String node, List<ConnectionView> connections, @Nullable String next) {}

    /**
     * A stream.
     *
     * @param connectionId as {@code stream.open} told it
     * @param subject whose token it has, or null
     * @param remoteAddress where its client is
     * @param transport {@code sse} or {@code websocket}
     * @param state of its part that is furthest behind: pending, replaying, catching_up, live …
     * @param channels its channels
     * @param openedAt when it was opened
     * @param behind records between its cursor and the heads of its partitions
     * @param writtenBytes bytes written since it was opened
     * @param unsentBytes bytes that its connection has not taken yet
     */
    @Introspected
    record ConnectionView(
            String connectionId,
            @Nullable String subject,
            String remoteAddress,
            String transport,
            String state,
            List<String> channels,
            Instant openedAt,
            long behind,
            long writtenBytes,
            long unsentBytes) {
        static ConnectionView of(OpenStream open, StreamInfo info) {
            return new ConnectionView(
                    open.connectionId(),
                    open.subject(),
                    open.remoteAddress().toString(),
                    open.transport(),
                    info.state().name().toLowerCase(Locale.ROOT),
                    info.channels(),
                    open.openedAt(),
                    info.behind(),
                    info.writtenBytes(),
                    info.unsentBytes());
        }
    }

    @Get("/connections")
    CompletionStage<HttpResponse<ConnectionPage>> connections(
            @QueryValue(defaultValue = "100") int limit,
            @QueryValue(defaultValue = "") String after,
            @QueryValue(defaultValue = "") String q) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ProblemException.invalid("limit", limit + ", expected 1 to " + MAX_LIMIT);
        }
        List<OpenStream> found = streams.page(SearchText.checked(q), after, limit + 1);
        List<OpenStream> shown = found.subList(0, Math.min(limit, found.size()));
        String next = found.size() > limit ? shown.getLast().connectionId() : null;
        return describe(shown).thenApply(views -> HttpResponse.ok(new ConnectionPage(node.text(), views, next))
                .header("Cache-Control", "no-store"));
    }

    /** Each stream is looked at on its own loop, one visit to each loop. */
    private static CompletionStage<List<ConnectionView>> describe(List<OpenStream> shown) {
        Map<EdgeLoop, List<OpenStream>> byLoop = shown.stream().collect(Collectors.groupingBy(OpenStream::loop));
        CompletableFuture<List<ConnectionView>> all = CompletableFuture.completedFuture(List.of());
        for (Map.Entry<EdgeLoop, List<OpenStream>> entry : byLoop.entrySet()) {
            CompletableFuture<List<ConnectionView>> part = new CompletableFuture<>();
            entry.getKey()
                    .post(
                            core -> part.complete(entry.getValue().stream()
                                    .map(open -> ConnectionView.of(open, core.describe(open.stream())))
                                    .toList()),
                            0);
            all = all.thenCombine(part, AdminController::joined);
        }
        return all.thenApply(views -> views.stream()
                .sorted(Comparator.comparing(ConnectionView::connectionId))
                .toList());
    }

    private static List<ConnectionView> joined(List<ConnectionView> some, List<ConnectionView> more) {
        List<ConnectionView> both = new ArrayList<>(some);
        both.addAll(more);
        return both;
    }
}
