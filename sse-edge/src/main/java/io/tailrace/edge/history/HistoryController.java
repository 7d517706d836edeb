package io.tailrace.edge.history;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.tailrace.contracts.access.AccessRules;
import io.tailrace.contracts.access.AccessRules.Decision;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.history.PageRequest.Direction;
import io.tailrace.edge.stream.ResumePlan;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.stream.WantedChannel;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.kit.http.PacedBody;
import io.tailrace.kit.limit.LimitedRead;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pages of a channel's events: {@code GET /channels/{channel}/events}, by the rules by which streams of the channel are read. */
@Controller("/channels")
@Secured(SecurityRule.IS_ANONYMOUS)
final class HistoryController {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryController.class);
    private static final int MAX_LIMIT = 1_000;

    /** In place of a cursor: after the beginning of what retention has left. */
    private static final String EARLIEST = "earliest";

    private final AccessRules rules;
    private final History history;
    private final EdgeSettings edge;
    private final EdgeSettings.History settings;

    HistoryController(AccessRules rules, History history, EdgeSettings edge, EdgeSettings.History settings) {
        this.rules = rules;
        this.history = history;
        this.edge = edge;
        this.settings = settings;
    }

    /**
     * A page.
     *
     * @param after a cursor, or {@code earliest}: what came after it, the oldest first
     * @param before a cursor: what came before it, the newest first; without both, what came last
     */
    @Get(value = "/{channel}/events", produces = MediaType.APPLICATION_JSON)
    @LimitedRead
    CompletionStage<HttpResponse<?>> events(
            HttpRequest<?> request,
            Caller caller,
            @PathVariable String channel,
            @Nullable @QueryValue String after,
            @Nullable @QueryValue String before,
            @QueryValue(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ProblemException.invalid("limit", limit + ", expected 1 to " + MAX_LIMIT);
        }
        if (after != null && before != null) {
            throw ProblemException.invalid("before", "given together with after, expected one of them");
        }
        Channel wanted = channel(channel);
        Namespace namespace = require(caller, wanted);
        PartitionId partition = new PartitionId(namespace.number(), wanted.partition(namespace.partitions()));
        PageRequest page = after == null
                ? new PageRequest(
                        wanted,
                        partition,
                        Direction.BACKWARDS,
                        before == null ? new Start.Live() : start("before", before, wanted, partition),
                        limit)
                : new PageRequest(
                        wanted,
                        partition,
                        Direction.FORWARDS,
                        after.equals(EARLIEST) ? new Start.Earliest() : start("after", after, wanted, partition),
                        limit);
        return history.page(page)
                .handle((held, fault) -> held == null
                        ? CompletableFuture.<HttpResponse<?>>failedFuture(unavailable(wanted, fault))
                        : CompletableFuture.<HttpResponse<?>>completedFuture(answer(request, held)))
                .thenCompose(Function.identity());
    }

    private HttpResponse<?> answer(HttpRequest<?> request, History.Held held) {
        CloseableByteBody body;
        try {
            body = PacedBody.of(request, held.chunks(), settings.writeTimeout(), () -> history.release(held));
        } catch (RuntimeException e) {
            history.release(held);
            throw e;
        }
        return HttpResponse.ok()
                .header("Cache-Control", "no-store")
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .body(body);
    }

    private ProblemException unavailable(Channel channel, @Nullable Throwable fault) {
        LOG.debug("a page of {} could not be read", channel, fault);
        return ProblemException.unavailable(
                fault instanceof RejectedExecutionException
                        ? "The edge reads and sends as many pages of events as it may"
                        : "The log cannot be read at this time",
                edge.retryAfter(),
                fault);
    }

    private static Channel channel(String name) {
        try {
            return new Channel(name);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("channel", String.valueOf(e.getMessage()));
        }
    }

    private Namespace require(Caller caller, Channel channel) {
        return switch (rules.subscribe(caller.grants(), channel)) {
            case Decision.Allowed(Namespace namespace) -> namespace;
            case Decision.Undeclared() ->
                throw new ProblemException(
                        ProblemType.UNDECLARED_NAMESPACE,
                        "The namespace \"" + channel.namespace() + "\" is not declared");
            case Decision.Denied() -> {
                // Somebody without a token gets 401.
                var unused = caller.subject();
                throw new ProblemException(
                        ProblemType.FORBIDDEN, "The token does not allow to read \"" + channel + "\"");
            }
        };
    }

    private static Start start(String parameter, String text, Channel channel, PartitionId partition) {
        return switch (CursorCodec.decode(text)) {
            case CursorDecoding.Malformed malformed ->
                throw invalid(parameter, malformed.fault() + ": " + malformed.detail());
            case CursorDecoding.Decoded(Cursor cursor) -> {
                Start none = new Start.Live();
                WantedChannel wanted = new WantedChannel(channel.name(), partition, none);
                Start start =
                        ResumePlan.split(cursor, List.of(wanted)).getFirst().start();
                if (start.equals(none)) {
                    throw invalid(
                            parameter,
                            "the cursor was not made for this channel, expected one of a stream or page of it");
                }
                yield start;
            }
        };
    }

    private static ProblemException invalid(String parameter, String detail) {
        return new ProblemException(
                Problem.of(ProblemType.INVALID_CURSOR, detail, List.of(new Problem.FieldError(parameter, detail))));
    }
}
