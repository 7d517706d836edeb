package io.tailrace.kit.job.config;

import com.fasterxml.jackson.databind.util.RawValue;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.JobType;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.contracts.job.ScheduleEvents;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSet;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.job.SystemSchedule;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;

/**
 * The system schedules whose jobs this process runs. It sets them each time it starts: that changes nothing of one that is as it was, and loses
 * none of its firings. Immutable.
 */
final class SystemSchedules {
    private static final String SOURCE = "/tailrace/workers";

    private final List<JobSchedule> mine;

    /**
     * Those of the declared types of some groups of workers.
     *
     * @param groups the groups that this process is in
     */
    SystemSchedules(Collection<SystemSchedule> all, JobTypes types, Set<String> groups) {
        this.mine = all.stream()
                .flatMap(schedule -> {
                    Optional<JobType> type =
                            types.of(schedule.type()).filter(found -> groups.contains(found.workers()));
                    return type.map(schedule::of).stream();
                })
                .toList();
    }

    List<JobSchedule> mine() {
        return mine;
    }

    /**
     * Sets them.
     *
     * @param timeout how long the log may take for each
     * @throws IllegalStateException if the log does not take one in time
     */
    void set(Producer<byte[], byte[]> producer, InstantSource clock, Duration timeout) {
        for (JobSchedule schedule : mine) {
            byte[] data = Json.write(ScheduleSet.of(schedule, new RawValue(schedule.payload())));
            String name = schedule.name();
            Event event = new Event(
                    UUID.randomUUID().toString(), ScheduleEvents.SCHEDULE_SET, SOURCE, clock.instant(), name, data);
            try {
                var unused = producer.send(
                                EventRecords.toRecord(Topics.SCHEDULES, FactKeys.partition(name), name, event))
                        .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("the log did not take the schedule " + name, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
