package io.tailrace.ingest.upload;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.UploadStored;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.Stamp;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.job.OwnJobs;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.extract.ExtractJob;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of uploads: the facts, and on {@code upload:{owner}:{id}} and {@code user:{owner}} what happens. Channels have ids and sizes, and no
 * names of files: they are kept for a time, and a person who is erased is not taken out of them before. Thread-safe; blocks.
 */
@Singleton
final class UploadEvents {
    private static final Logger LOG = LoggerFactory.getLogger(UploadEvents.class);

    private static final int MAX_PACES = 10_000;
    private static final Duration PACES_REST = Duration.ofMinutes(1);

    private final EventLog log;
    private final Namespaces namespaces;
    private final Stamps stamps;
    private final UploadSettings settings;
    private final OwnJobs jobs;

    /** Of files that arrive in several requests, which would have a beginning each. */
    private final Cache<UUID, ProgressPace> paces = Caffeine.newBuilder()
            .maximumSize(MAX_PACES)
            .expireAfterAccess(PACES_REST)
            .build();

    UploadEvents(EventLog log, Namespaces namespaces, Stamps stamps, UploadSettings settings, OwnJobs jobs) {
        this.log = log;
        this.namespaces = namespaces;
        this.stamps = stamps;
        this.settings = settings;
        this.jobs = jobs;
    }

    /** The channel of an upload. Its second part is the owner, who alone may read it. */
    static Channel channel(UUID owner, UUID id) {
        return new Channel("upload:" + owner + ":" + id);
    }

    /**
     * Appends the fact that a file is stored, and the command for the job that reads its text if it has any, and tells the fact. The job has the
     * upload's id: however often the same file is finished, it is one.
     *
     * @throws RefusedUpload if the log did not take both; then they may be there all the same
     */
    void stored(UploadStored upload) throws RefusedUpload {
        Stamp stamp = new Stamp(stamps.id());
        List<OutgoingEvent> entries = new ArrayList<>();
        entries.add(OutgoingEvent.fact(
                Topics.UPLOADS,
                FactKeys.of(upload.ownerId(), upload.id()),
                event(stamp, 0, EventTypes.UPLOAD_STORED, upload.ownerId().toString(), Json.write(upload))));
        if (ExtractJob.isFor(upload.detectedType())) {
            entries.add(jobs.enqueuing(
                    upload.id(),
                    ExtractJob.TYPE,
                    new ExtractJob(upload.ownerId(), upload.id(), upload.detectedType())));
        }
        int needed = entries.size();
        entries.addAll(told(
                stamp,
                upload.ownerId(),
                upload.id(),
                EventTypes.UPLOAD_STORED,
                Map.of(
                        "size", upload.size(),
                        "sha256", upload.sha256(),
                        "detected_type", upload.detectedType())));
        try {
            if (log.append(entries).stream().limit(needed).allMatch(AppendOutcome.Appended.class::isInstance)) {
                return;
            }
        } catch (ProblemException e) {
            LOG.warn("upload {} is not told to the log: {}", upload.id(), e.getMessage());
        }
        throw new RefusedUpload(UploadRefusal.log());
    }

    /** Tells that a file is not taken, if the log can be reached. */
    void failed(UUID owner, UUID id, String reason) {
        var unused = tell(owner, id, EventTypes.UPLOAD_FAILED, Map.of("reason", reason));
    }

    /**
     * Tells of the progress of a file, at most once in an interval, and not any more when the log does not take it: a file is not to wait for it.
     *
     * @param size how many bytes it will have; null if nobody knows
     * @return is told how many bytes there are; for one thread
     */
    LongConsumer progress(UUID owner, UUID id, @Nullable Long size) {
        ProgressPace pace = paces.get(id, each -> new ProgressPace(settings.progressInterval()));
        return new LongConsumer() {
            private boolean told = true;

            @Override
            public void accept(long received) {
                if (told && pace.isDue(System.nanoTime())) {
                    Map<String, Object> data = new LinkedHashMap<>();
                    data.put("received", received);
                    data.put("size", size);
                    told = tell(owner, id, EventTypes.UPLOAD_PROGRESS, data);
                }
            }
        };
    }

    private boolean tell(UUID owner, UUID id, String type, Map<String, ?> data) {
        try {
            return log.append(told(new Stamp(stamps.id()), owner, id, type, data)).stream()
                    .allMatch(AppendOutcome.Appended.class::isInstance);
        } catch (ProblemException e) {
            LOG.debug("{} of {} is not told: {}", type, id, e.getMessage());
            return false;
        }
    }

    private List<OutgoingEvent> told(Stamp stamp, UUID owner, UUID id, String type, Map<String, ?> data) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("upload", id);
        all.putAll(data);
        byte[] json = Json.write(all);
        List<OutgoingEvent> entries = new ArrayList<>();
        for (Channel channel : List.of(channel(owner, id), new Channel("user:" + owner))) {
            namespaces
                    .of(channel)
                    .ifPresent(namespace -> entries.add(new OutgoingEvent(
                            namespace.topic(),
                            channel.partition(namespace.partitions()),
                            channel.name(),
                            event(stamp, entries.size() + 1, type, channel.name(), json))));
        }
        return entries;
    }

    private static Event event(Stamp stamp, int index, String type, String subject, byte[] data) {
        return new Event(stamp.id(index).toString(), type, EventSource.INGEST_API, stamp.time(), subject, data);
    }
}
