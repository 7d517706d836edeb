package io.tailrace.ingest.dashboard;

import io.tailrace.contracts.event.DashboardSaved;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.Stamp;
import io.tailrace.ingest.idempotency.Write;
import io.tailrace.ingest.input.Texts;
import io.tailrace.ingest.log.Appends;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The dashboards of people. A change is the whole dashboard; of two at once the one that is last in the log counts. Those of others are not
 * there. Thread-safe; blocks.
 */
@Singleton
final class Dashboards {
    /** The name of the projection that fills the table. */
    private static final String PROJECTION = "dashboards";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final UUID NEWEST = new UUID(-1, -1);

    /** Nobody guesses it: whoever has it may read. */
    private static final int LINK_BYTES = 24;

    private static final Pattern LINK = Pattern.compile("[A-Za-z0-9_-]{32}");

    private final Appends log;
    private final DashboardTable table;
    private final Database database;
    private final ProjectionWait projection;
    private final DashboardSettings settings;
    private final SecureRandom random = new SecureRandom();

    Dashboards(
            Appends log,
            DashboardTable table,
            Database database,
            ProjectionWait projection,
            DashboardSettings settings) {
        this.log = log;
        this.table = table;
        this.database = database;
        this.projection = projection;
        this.settings = settings;
    }

    /**
     * What was read.
     *
     * @param fresh whether it has what was in the log when it was asked for
     */
    record Found<T>(T value, boolean fresh) {}

    /**
     * Makes one.
     *
     * @throws ProblemException 409 if its owner has as many as they may have
     */
    DashboardSaved create(UUID owner, DashboardRequest request, Write write) {
        Stamp stamp = write.stamp();
        boolean isNew = write.earlier() == null;
        if (isNew && countOf(owner) >= settings.maxDashboards()) {
            throw new ProblemException(
                    ProblemType.CONFLICT, "You have " + settings.maxDashboards() + " dashboards, and may have no more");
        }
        return save(stamp.id(), owner, request, request.shared() ? link() : null, stamp.time(), write);
    }

    /**
     * Changes one to what the request says. Its link stays while it is shared; shared anew it has another one.
     *
     * @throws ProblemException 404 if the owner has none with this id, 503 if it cannot be told now
     */
    DashboardSaved change(UUID id, UUID owner, DashboardRequest request, Write write) {
        DashboardRow row = mustFind(id, owner);
        String link = !request.shared() ? null : row.link() == null ? link() : row.link();
        return save(id, owner, request, link, row.createdAt(), write);
    }

    /**
     * Deletes one.
     *
     * @throws ProblemException as {@link #change}
     */
    void delete(UUID id, UUID owner, Write write) {
        if (write.earlier() != null
                && catchUp(owner)
                && database.call(() -> table.find(id, owner)).isEmpty()) {
            // An attempt of before, whose outcome is not known, has done it.
            return;
        }
        mustFind(id, owner);
        byte[] none = "{}".getBytes(StandardCharsets.UTF_8);
        var unused = log.appendOne(
                OutgoingEvent.tombstone(
                        Topics.DASHBOARDS,
                        FactKeys.of(owner, id),
                        event(EventTypes.DASHBOARD_DELETED, owner, write.stamp(), none)),
                write.earlier());
    }

    /**
     * One of somebody's.
     *
     * @throws ProblemException as {@link #change}
     */
    DashboardView get(UUID id, UUID owner) {
        return view(mustFind(id, owner));
    }

    /** Somebody's newest before one, or the newest of all. */
    Found<List<DashboardView>> newest(UUID owner, @Nullable UUID before, int limit) {
        boolean fresh = catchUp(owner);
        List<DashboardRow> rows = database.call(() -> table.newest(owner, before == null ? NEWEST : before, limit));
        return new Found<>(rows.stream().map(Dashboards::view).toList(), fresh);
    }

    /**
     * The one with this link.
     *
     * @throws ProblemException 400 if it is no link, 404 if there is none, or it is not shared any more
     */
    SharedDashboard shared(String link) {
        if (!LINK.matcher(link).matches()) {
            throw ProblemException.invalid("link", Texts.shown(link) + ", expected the 32 characters of a link");
        }
        DashboardRow row = database.call(() -> table.findByLink(link))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "There is no such dashboard, or it is not shared any more"));
        return new SharedDashboard(row.name(), row.timeRange(), panels(row), row.changedAt());
    }

    private DashboardSaved save(
            UUID id, UUID owner, DashboardRequest request, @Nullable String link, Instant createdAt, Write write) {
        Stamp stamp = write.stamp();
        DashboardSaved saved = new DashboardSaved(
                id, owner, request.name(), request.range(), request.panels(), link, createdAt, stamp.time());
        var unused = log.appendOne(
                OutgoingEvent.fact(
                        Topics.DASHBOARDS,
                        FactKeys.of(owner, id),
                        event(EventTypes.DASHBOARD_SAVED, owner, stamp, Json.write(saved))),
                write.earlier());
        return saved;
    }

    private static Event event(String type, UUID owner, Stamp stamp, byte[] data) {
        return new Event(stamp.id().toString(), type, EventSource.INGEST_API, stamp.time(), owner.toString(), data);
    }

    private int countOf(UUID owner) {
        // The copy may be late: then there may be some more than the bound, which costs nobody anything.
        var unused = catchUp(owner);
        return database.call(() -> table.count(owner));
    }

    private DashboardRow mustFind(UUID id, UUID owner) {
        boolean fresh = catchUp(owner);
        Optional<DashboardRow> row = database.call(() -> table.find(id, owner));
        return row.orElseThrow(() -> fresh
                ? new ProblemException(ProblemType.NOT_FOUND, "You have no dashboard " + id)
                : ProblemException.unavailable("The copy of the dashboards is late", RETRY_AFTER, null));
    }

    private boolean catchUp(UUID owner) {
        return projection.catchUp(PROJECTION, Topics.DASHBOARDS, FactKeys.partition(owner.toString()));
    }

    private String link() {
        byte[] bytes = new byte[LINK_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static DashboardView view(DashboardRow row) {
        return new DashboardView(
                row.id(),
                row.name(),
                row.timeRange(),
                panels(row),
                row.link() != null,
                row.link(),
                row.createdAt(),
                row.changedAt());
    }

    private static List<PanelView> panels(DashboardRow row) {
        try {
            DashboardSaved.Panel[] panels =
                    Json.read(row.panels().getBytes(StandardCharsets.UTF_8), DashboardSaved.Panel[].class);
            return Arrays.stream(panels).map(PanelView::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the panels of dashboard " + row.id(), e);
        }
    }
}
