package io.tailrace.projections.schedule;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.ScheduleEvents;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSet;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.cron.CronExpression;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Payloads;
import io.tailrace.projections.projection.Projection;
import java.nio.charset.StandardCharsets;

/** {@code tailrace.schedules} to {@link ScheduleChange}. What the dispatcher says to itself there is ignored. */
public final class ScheduleProjection implements Projection<ScheduleChange> {
    /** The name, which the API waits for. */
    public static final String NAME = "schedules";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String topic() {
        return Topics.SCHEDULES;
    }

    @Override
    public ParsedRecord<ScheduleChange> read(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Tombstone(String key) ->
                JobSchedule.isName(key)
                        ? new ParsedRecord.Changes<>(new ScheduleChange.Delete(key))
                        : new ParsedRecord.Poison<>(
                                "the key of a record without a value is not the name of a schedule");
            case LogEntry.Fact fact -> read(fact.key(), fact.event());
        };
    }

    private static ParsedRecord<ScheduleChange> read(String key, Event event) {
        if (!event.type().equals(ScheduleEvents.SCHEDULE_SET)) {
            return new ParsedRecord.Ignored<>();
        }
        try {
            ScheduleSet set = Payloads.read(event, ScheduleSet.class);
            if (!key.equals(set.name()) || !JobSchedule.isName(key)) {
                return new ParsedRecord.Poison<>("name: expected what the key says, and the name of a schedule");
            }
            Payloads.require("cron", set.cron());
            Payloads.require("time_zone", set.timeZone());
            Payloads.require("missed", set.missed());
            Payloads.require("overlap", set.overlap());
            Payloads.require("queue", set.queue());
            Payloads.require("job", set.job());
            // Whoever reads the rows need not expect what the dispatcher has refused.
            var unused = set.schedule("null");
            var unusedCron = CronExpression.parse(set.cron());
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        } catch (IllegalArgumentException e) {
            return new ParsedRecord.Poison<>(String.valueOf(e.getMessage()));
        }
        String definition = new String(event.data(), StandardCharsets.UTF_8);
        return new ParsedRecord.Changes<>(new ScheduleChange.Put(key, definition, event.time()));
    }
}
