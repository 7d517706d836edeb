package io.tailrace.edge.control;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.security.annotation.Secured;
import io.tailrace.edge.loop.EdgeLoop;
import io.tailrace.edge.loop.EdgeLoops;
import io.tailrace.edge.stream.ChannelInfo;
import io.tailrace.kit.problem.ProblemException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sees of the channels that are read here. A page costs each event loop one look at each name, and at the
 * streams of the channels that are on it.
 */
@Controller("/admin/channels")
@Secured("admin")
final class AdminChannels {
    /** With ten thousand streams on each of them, a page takes a loop some milliseconds. */
    private static final int MAX_LIMIT = 100;

    private final EdgeLoops loops;
    private final NodeName node;

    AdminChannels(EdgeLoops loops, NodeName node) {
        this.loops = loops;
        this.node = node;
    }

    /**
     * A page of channels in the order of their names.
     *
     * @param node the edge at which they are read
     * @param channels the channels
     * @param next the value of {@code after} for the next page; null on the last one
     */
    @Introspected
    record ChannelPage(String node, List<ChannelView> channels, @Nullable String next) {}

    /**
     * A channel that somebody reads.
     *
     * @param channel its name
     * @param partition the number of its partition in its namespace's topic
     * @param available whether the partition can be read now
     * @param head the offset after the last record of the partition that was read here
     * @param subscribers streams that read it
     * @param live those among them that are at the head
     * @param behind records of the partition between the head and the stream that is furthest behind
     * @param events events of the channel that came at the head since the oldest of the streams reads it. Two answers and the time
     *     between them give a rate; it begins anew when all streams of an event loop that read the channel have gone
     */
    @Introspected
    record ChannelView(
            String channel,
            int partition,
            boolean available,
            long head,
            int subscribers,
            int live,
            long behind,
            long events) {
        static ChannelView of(ChannelInfo info) {
            return new ChannelView(
                    info.channel(),
                    info.partition(),
                    info.available(),
                    info.head(),
                    info.subscribers(),
                    info.live(),
                    info.behind(),
                    info.events());
        }
    }

    @Get
    CompletionStage<HttpResponse<ChannelPage>> channels(
            @QueryValue(defaultValue = "100") int limit,
            @QueryValue(defaultValue = "") String after,
            @QueryValue(defaultValue = "") String q) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ProblemException.invalid("limit", limit + ", expected 1 to " + MAX_LIMIT);
        }
        String wanted = SearchText.checked(q);
        CompletableFuture<TreeMap<String, ChannelInfo>> all = CompletableFuture.completedFuture(new TreeMap<>());
        for (EdgeLoop loop : loops.all()) {
            CompletableFuture<List<ChannelInfo>> part = new CompletableFuture<>();
            loop.post(core -> part.complete(core.channels(wanted, after, limit + 1)), 0);
            all = all.thenCombine(part, (merged, more) -> {
                more.forEach(info -> merged.merge(info.channel(), info, ChannelInfo::plus));
                return merged;
            });
        }
        return all.thenApply(merged -> HttpResponse.ok(page(merged, limit)).header("Cache-Control", "no-store"));
    }

    private ChannelPage page(TreeMap<String, ChannelInfo> merged, int limit) {
        List<ChannelView> shown =
                merged.values().stream().limit(limit).map(ChannelView::of).toList();
        return new ChannelPage(
                node.text(), shown, merged.size() > limit ? shown.getLast().channel() : null);
    }
}
