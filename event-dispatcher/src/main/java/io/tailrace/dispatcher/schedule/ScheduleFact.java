package io.tailrace.dispatcher.schedule;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.ScheduleEvents;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSet;
import io.tailrace.dispatcher.poison.Fact;
import io.tailrace.dispatcher.poison.FactReader;
import io.tailrace.dispatcher.poison.Poison;
import io.tailrace.dispatcher.poison.Unsound;
import io.tailrace.kit.cron.CronExpression;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What a record of {@code tailrace.schedules} says. */
sealed interface ScheduleFact extends Fact {
    /** There is a schedule. */
    record Set(JobSchedule schedule, CronExpression cron) implements ScheduleFact {}

    /** There is no such schedule. */
    record Deleted(String name) implements ScheduleFact {}

    /** It is later now. */
    record TimePassed() implements ScheduleFact {}

    @Override
    default @Nullable String derivedId() {
        return null;
    }

    /** Reads a record. */
    static ScheduleFact read(FactReader reader, ConsumerRecord<byte[], byte[]> record) throws Unsound {
        if (FactReader.isTombstone(record)) {
            String name = FactReader.key(record);
            if (name == null || !JobSchedule.isName(name)) {
                throw new Unsound(
                        Poison.Kind.NULL_VALUE, "the value is null, and the key is not the name of a schedule");
            }
            reader.place(record, name, name);
            return new Deleted(name);
        }
        Event event = reader.event(record);
        if (event.type().equals(JobEvents.TIME_PASSED)) {
            return new TimePassed();
        }
        if (!event.type().equals(ScheduleEvents.SCHEDULE_SET)) {
            throw FactReader.unknownType(event, ScheduleEvents.SCHEDULE_SET);
        }
        return set(reader, record, event);
    }

    private static ScheduleFact set(FactReader reader, ConsumerRecord<byte[], byte[]> record, Event event)
            throws Unsound {
        ScheduleSet set = FactReader.payload(event, ScheduleSet.class);
        String name = FactReader.present(set.name(), "name");
        String cron = FactReader.present(set.cron(), "cron");
        FactReader.require(set.timeZone(), "time_zone");
        FactReader.require(set.missed(), "missed");
        FactReader.require(set.overlap(), "overlap");
        FactReader.require(set.queue(), "queue");
        JobSpec job = FactReader.present(set.job(), "job");
        FactReader.require(job.type(), "job.type");
        FactReader.require(job.retry(), "job.retry");
        try {
            JobSchedule schedule = set.schedule(json(set.payload()));
            CronExpression times = CronExpression.parse(cron);
            reader.place(record, name, name);
            return new Set(schedule, times);
        } catch (IllegalArgumentException e) {
            throw new Unsound(Poison.Kind.VALUE, String.valueOf(e.getMessage()));
        }
    }

    /** A payload as the log has it. */
    static String json(@Nullable Object payload) {
        return payload == null ? "null" : new String(Json.write(payload), StandardCharsets.UTF_8);
    }
}
