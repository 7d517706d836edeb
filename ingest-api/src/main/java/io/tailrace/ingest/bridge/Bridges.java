package io.tailrace.ingest.bridge;

import com.fasterxml.jackson.databind.util.RawValue;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.JobType;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.contracts.job.MissedPolicy;
import io.tailrace.contracts.job.OverlapPolicy;
import io.tailrace.contracts.job.ScheduleEvents;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSet;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.job.JobCommands;
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
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which bridges there are. A bridge is a system schedule that fires each minute and skips while its job is not finished: so the job is begun,
 * and begun again whatever becomes of it. Thread-safe; blocks.
 */
@Singleton
class Bridges {
    private static final String PROJECTION = "schedules";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final String EACH_MINUTE = "* * * * *";

    private final BridgeRows rows;
    private final PositionRows positions;
    private final Database database;
    private final ProjectionWait projection;
    private final Appends log;
    private final JobCommands commands;
    private final JobTypes types;
    private final Stamps stamps;
    private final BridgesSettings settings;

    Bridges(
            BridgeRows rows,
            PositionRows positions,
            Database database,
            ProjectionWait projection,
            Appends log,
            JobCommands commands,
            JobTypes types,
            Stamps stamps,
            BridgesSettings settings) {
        this.rows = rows;
        this.positions = positions;
        this.database = database;
        this.projection = projection;
        this.log = log;
        this.commands = commands;
        this.types = types;
        this.stamps = stamps;
        this.settings = settings;
    }

    /**
     * What was read.
     *
     * @param fresh whether it has what was in the log when it was asked for
     */
    record Found<T>(T value, boolean fresh) {}

    /**
     * What became of a request.
     *
     * @param isNew whether there was no bridge of that name
     */
    record WasSet(BridgeView view, boolean isNew) {}

    /**
     * Lets there be a bridge, instead of the one of that name that there may be.
     *
     * @throws ProblemException 409 if there are too many, 503 if it is not known to be in the log
     */
    WasSet set(String name, BridgeRequest request, Instant now) {
        boolean fresh = projection.catchUp(PROJECTION, Topics.SCHEDULES, FactKeys.partition(Bridge.schedule(name)));
        Optional<Bridge> earlier =
                database.call(() -> rows.find(Bridge.schedule(name))).map(Bridges::bridge);
        if (earlier.isEmpty() && !fresh) {
            throw late();
        }
        if (earlier.isEmpty()
                && database.call(() -> rows.all(Bridge.SCHEDULE_PREFIX, settings.most()))
                                .size()
                        >= settings.most()) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "There are " + settings.most() + " bridges, which is as many as there may be");
        }
        Instant setAt = earlier.map(before -> before.setAt().plusMillis(1))
                .filter(least -> least.isAfter(now))
                .orElse(now);
        Bridge bridge = request.bridge(name, earlier.map(Bridge::createdAt).orElse(now), setAt);
        JobSchedule schedule = schedule(bridge);
        byte[] data = Json.write(ScheduleSet.of(schedule, new RawValue(schedule.payload())));
        Event event = event(ScheduleEvents.SCHEDULE_SET, schedule.name(), now, data);
        var unused = log.appendOne(OutgoingEvent.fact(Topics.SCHEDULES, schedule.name(), event), null);
        begin(schedule);
        return new WasSet(view(bridge), earlier.isEmpty());
    }

    /** Its first job; if that does not get into the log, the schedule begins it within a minute. */
    private void begin(JobSchedule schedule) {
        var unused = commands.ask(schedule.runNow(stamps.id()), Duration.ZERO);
    }

    /**
     * Deletes a bridge. Its job ends when it sees that.
     *
     * @throws ProblemException 404 if there is none, 503 if that could not be found out, or is not known to be in the log
     */
    void delete(String name, Instant now) {
        var unusedBridge = mustFind(name);
        byte[] none = "{}".getBytes(StandardCharsets.UTF_8);
        String schedule = Bridge.schedule(name);
        Event event = event(ScheduleEvents.SCHEDULE_DELETE_REQUESTED, schedule, now, none);
        var unused = log.appendOne(OutgoingEvent.tombstone(Topics.SCHEDULES, schedule, event), null);
    }

    /**
     * A bridge.
     *
     * @throws ProblemException 404 if there is none, 503 if that could not be found out
     */
    Found<BridgeView> get(String name) {
        Found<Bridge> found = mustFind(name);
        return new Found<>(view(found.value()), found.fresh());
    }

    /** All of them, by name. */
    Found<List<BridgeView>> all() {
        boolean fresh = projection.catchUpAll(PROJECTION, Topics.SCHEDULES, Topics.FACT_PARTITIONS);
        // One more than there may be: two requests at once may pass the bound.
        List<BridgeRow> found = database.call(() -> rows.all(Bridge.SCHEDULE_PREFIX, settings.most() * 2));
        Map<String, Map<String, PositionRow>> known = positions("");
        return new Found<>(
                found.stream()
                        .map(Bridges::bridge)
                        .map(bridge -> BridgeView.of(bridge, known.getOrDefault(bridge.name(), Map.of())))
                        .toList(),
                fresh);
    }

    private Found<Bridge> mustFind(String name) {
        boolean fresh = projection.catchUp(PROJECTION, Topics.SCHEDULES, FactKeys.partition(Bridge.schedule(name)));
        Optional<BridgeRow> row = database.call(() -> rows.find(Bridge.schedule(name)));
        if (row.isEmpty()) {
            throw fresh ? new ProblemException(ProblemType.NOT_FOUND, "There is no bridge " + name) : late();
        }
        return new Found<>(bridge(row.get()), fresh);
    }

    private static ProblemException late() {
        return ProblemException.unavailable("The copy of the schedules lags behind the log", RETRY_AFTER, null);
    }

    private BridgeView view(Bridge bridge) {
        return BridgeView.of(bridge, positions(bridge.name()).getOrDefault(bridge.name(), Map.of()));
    }

    private Map<String, Map<String, PositionRow>> positions(String bridge) {
        Map<String, Map<String, PositionRow>> known = new HashMap<>();
        long aliveMs = settings.aliveFor().toMillis();
        for (PositionRow row : database.call(() -> positions.of(bridge, aliveMs))) {
            known.computeIfAbsent(row.bridge(), _ -> new HashMap<>()).put(row.remote(), row);
        }
        return known;
    }

    private JobSchedule schedule(Bridge bridge) {
        JobType type = types.of(Bridge.JOB_TYPE).orElseThrow();
        JobSpec usual = type.job();
        JobSpec job = new JobSpec(
                usual.type(),
                usual.priority(),
                null,
                0,
                null,
                0,
                usual.maxAttempts(),
                usual.timeoutSeconds(),
                bridge.name(),
                usual.retry());
        return new JobSchedule(
                Bridge.schedule(bridge.name()),
                EACH_MINUTE,
                "UTC",
                MissedPolicy.LAST,
                OverlapPolicy.SKIP,
                type.queue(),
                job,
                new String(Json.write(bridge), StandardCharsets.UTF_8));
    }

    private Event event(String type, String schedule, Instant now, byte[] data) {
        return new Event(stamps.id().toString(), type, EventSource.INGEST_API, now, schedule, data);
    }

    private static Bridge bridge(BridgeRow row) {
        try {
            ScheduleSet set = Json.read(row.definition().getBytes(StandardCharsets.UTF_8), ScheduleSet.class);
            Object payload = Optional.ofNullable(set.payload()).orElseThrow();
            return Json.read(Json.write(payload), Bridge.class);
        } catch (IOException e) {
            throw new UncheckedIOException("the schedule " + row.name(), e);
        }
    }
}
