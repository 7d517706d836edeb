package io.tailrace.ingest.job;

import com.fasterxml.jackson.databind.util.RawValue;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.ScheduleEvents;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSet;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.Stamps;
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
import java.util.List;
import java.util.Optional;

/** Which schedules there are, as of the call if their copy gets there in time, and what changes them. Thread-safe; blocks. */
@Singleton
class Schedules {
    private static final String PROJECTION = "schedules";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final ScheduleRows rows;
    private final Database database;
    private final ProjectionWait projection;
    private final Appends log;
    private final Stamps stamps;
    private final SchedulesSettings settings;

    /** A schedule and when it was set. */
    record Known(JobSchedule schedule, Instant changedAt) {}

    Schedules(
            ScheduleRows rows,
            Database database,
            ProjectionWait projection,
            Appends log,
            Stamps stamps,
            SchedulesSettings settings) {
        this.rows = rows;
        this.database = database;
        this.projection = projection;
        this.log = log;
        this.stamps = stamps;
        this.settings = settings;
    }

    /**
     * The schedule of a name.
     *
     * @throws ProblemException 404 if there is none, 503 if that could not be found out
     */
    Jobs.Found<Known> get(String name) {
        boolean fresh = projection.catchUp(PROJECTION, Topics.SCHEDULES, FactKeys.partition(name));
        Optional<ScheduleRow> row = database.call(() -> rows.find(name));
        if (row.isEmpty() && !fresh) {
            throw ProblemException.unavailable("The copy of the schedules lags behind the log", RETRY_AFTER, null);
        }
        return new Jobs.Found<>(
                row.map(Schedules::known)
                        .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "There is no schedule " + name)),
                fresh);
    }

    /**
     * Schedules by name.
     *
     * @param after those after this name; empty for the first
     * @throws ProblemException 503 if PostgreSQL is away
     */
    Jobs.Found<List<Known>> page(String after, int limit) {
        boolean fresh = projection.catchUpAll(PROJECTION, Topics.SCHEDULES, Topics.FACT_PARTITIONS);
        List<ScheduleRow> found = database.call(() -> rows.page(after, limit));
        return new Jobs.Found<>(found.stream().map(Schedules::known).toList(), fresh);
    }

    /**
     * Lets there be a schedule.
     *
     * @return whether there was none of that name
     * @throws ProblemException 409 if there are too many, 503 if it is not known to be in the log
     */
    boolean set(JobSchedule schedule, Instant now) {
        boolean unusedFresh = projection.catchUp(PROJECTION, Topics.SCHEDULES, FactKeys.partition(schedule.name()));
        boolean isNew = database.call(() -> rows.find(schedule.name())).isEmpty();
        if (isNew && database.call(rows::size) >= settings.most()) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "There are " + settings.most() + " schedules, which is as many as there may be");
        }
        byte[] data = Json.write(ScheduleSet.of(schedule, new RawValue(schedule.payload())));
        Event event = event(ScheduleEvents.SCHEDULE_SET, schedule.name(), now, data);
        var unused = log.appendOne(OutgoingEvent.fact(Topics.SCHEDULES, schedule.name(), event), null);
        return isNew;
    }

    /**
     * Deletes a schedule.
     *
     * @throws ProblemException 404 if there is none, 503 if that could not be found out, or is not known to be in the log
     */
    void delete(String name, Instant now) {
        var unusedKnown = get(name);
        byte[] none = "{}".getBytes(StandardCharsets.UTF_8);
        Event event = event(ScheduleEvents.SCHEDULE_DELETE_REQUESTED, name, now, none);
        var unused = log.appendOne(OutgoingEvent.tombstone(Topics.SCHEDULES, name, event), null);
    }

    private Event event(String type, String name, Instant now, byte[] data) {
        return new Event(stamps.id().toString(), type, EventSource.INGEST_API, now, name, data);
    }

    private static Known known(ScheduleRow row) {
        try {
            ScheduleSet set = Json.read(row.definition().getBytes(StandardCharsets.UTF_8), ScheduleSet.class);
            Object payload = set.payload();
            String json = payload == null ? "null" : new String(Json.write(payload), StandardCharsets.UTF_8);
            return new Known(set.schedule(json), row.changedAt());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
