package io.tailrace.ingest.feed;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.ingest.input.Limits;
import io.tailrace.ingest.input.Texts;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.util.List;
import java.util.UUID;

/**
 * Reading one's newsfeed. The first page shows what was in the feed's channel when it was asked for; if the projection
 * does not get there in time, the page is answered as it is, with the header {@code Tailrace-Stale: true}.
 */
@Controller("/feed")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class FeedController {
    /** On answers that may lack what was written before they were asked for. */
    static final String STALE_HEADER = "Tailrace-Stale";

    /** The name of the projection that fills the table. */
    private static final String PROJECTION = "feed_entries";

    private static final FeedCursor NEWEST = new FeedCursor(Long.MAX_VALUE, new UUID(-1, -1));

    /** Rows that were written before there were places have this one. */
    private static final long OLDEST_OFFSET = 0;

    private final FeedRows rows;
    private final Database database;
    private final ProjectionWait projection;
    private final Namespaces namespaces;
    private final FeedSettings settings;

    FeedController(
            FeedRows rows, Database database, ProjectionWait projection, Namespaces namespaces, FeedSettings settings) {
        this.rows = rows;
        this.database = database;
        this.projection = projection;
        this.namespaces = namespaces;
        this.settings = settings;
    }

    /** A page of the caller's newsfeed in the order of its channel, the newest first. */
    @Get
    HttpResponse<FeedPage> feed(
            @Parameter(hidden = true) Caller caller,
            @QueryValue @Nullable String limit,
            @QueryValue @Nullable String before) {
        UUID user = caller.userId();
        int wanted = Limits.parse(limit, settings.defaultLimit(), settings.maxLimit());
        FeedCursor from = before == null ? NEWEST : cursor(before);
        // What is older than a page that was shown was there when that was shown.
        boolean fresh = before != null || catchUp(user);
        List<FeedEntry> found = database.call(() -> rows.newest(user, logOffset(user, from), from.post(), wanted + 1));
        List<FeedEntry> shown = found.size() > wanted ? found.subList(0, wanted) : found;
        String next = found.size() > wanted
                ? new FeedCursor(shown.getLast().logOffset(), shown.getLast().postId()).text()
                : null;
        FeedPage page = new FeedPage(shown.stream().map(FeedController::post).toList(), next);
        MutableHttpResponse<FeedPage> response =
                HttpResponse.ok(page).header(HttpHeaders.CACHE_CONTROL, "private, no-store");
        return fresh ? response : response.header(STALE_HEADER, "true");
    }

    /** What a cursor of version 1 names that is no longer there was older than all that have a place. */
    private long logOffset(UUID user, FeedCursor from) {
        return from.logOffset() == FeedCursor.UNKNOWN_OFFSET
                ? rows.logOffset(user, from.post()).orElse(OLDEST_OFFSET)
                : from.logOffset();
    }

    private static FeedCursor cursor(String before) {
        return FeedCursor.parse(before)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.INVALID_CURSOR,
                        "before: " + Texts.shown(before) + ", expected the value of \"next\" of a page"));
    }

    private boolean catchUp(UUID user) {
        Channel channel = new Channel("feed:" + user);
        return namespaces
                .of(channel)
                .map(Namespace::topic)
                .map(topic -> projection.catchUp(PROJECTION, topic, partition(channel)))
                .orElse(true);
    }

    private int partition(Channel channel) {
        return channel.partition(
                namespaces.of(channel).map(Namespace::partitions).orElse(1));
    }

    private static PostPublished post(FeedEntry entry) {
        return new PostPublished(entry.postId(), entry.authorId(), entry.text(), entry.createdAt());
    }
}
