package io.tailrace.search.job;

import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.search.document.SearchIndex;
import io.tailrace.search.drive.Reindexing;
import io.tailrace.search.query.Indexes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The type {@code reindex}: what {@code ./tailrace reindex} does, by the same code. What is done is in Elasticsearch and in committed
 * offsets, so an attempt goes on where the one before ended. Thread-safe.
 */
@Singleton
final class ReindexHandler implements JobHandler<ReindexPayload> {
    private final Indexes indexes;
    private final Reindexing reindexing;

    ReindexHandler(Indexes indexes, Reindexing reindexing) {
        this.indexes = indexes;
        this.reindexing = reindexing;
    }

    @Override
    public String type() {
        return "reindex";
    }

    @Override
    public Class<ReindexPayload> payload() {
        return ReindexPayload.class;
    }

    @Override
    public Map<String, Object> run(ReindexPayload payload, JobContext context) throws JobFailure, IOException {
        SearchIndex index = indexes.all().stream()
                .filter(each -> each.name().equals(payload.index()))
                .findFirst()
                .orElseThrow(() -> JobFailure.lasting(
                        "unknown_index",
                        "index \"" + payload.index() + "\", expected "
                                + indexes.all().stream().map(SearchIndex::name).collect(Collectors.joining(", ")),
                        null));
        boolean restart = Boolean.TRUE.equals(payload.restart()) && context.attempt() == 1;
        JobProgressListener progress = new JobProgressListener(context);
        return switch (reindexing.run(index, restart, progress, context::isStopped)) {
            case SWAPPED -> Map.of("index", index.name(), "records", progress.done);
            case LOST ->
                throw JobFailure.passing(
                        "rebuild_lost",
                        "the new index or the topic was deleted meanwhile, or the log was truncated; it begins anew",
                        null);
            case STOPPED -> throw JobFailure.passing("stopped", "stopped after " + progress.done + " records", null);
        };
    }

    /** Reports the progress of the rebuild to the job, on the thread of the handler. */
    private static final class JobProgressListener implements Reindexing.Listener {
        private final JobContext context;
        private long done;

        JobProgressListener(JobContext context) {
            this.context = context;
        }

        @Override
        public void begins(String index, boolean resumed) {
            context.log()
                    .info("{} {}; the old index is searched meanwhile", resumed ? "goes on with" : "builds", index);
        }

        @Override
        public void progress(long records, long total) {
            done = records;
            double fraction = total == 0 ? 1 : Math.min(1, (double) records / total);
            context.progress(fraction, records + " of " + total + " records");
        }

        @Override
        public void waits(String reason) {
            context.progress(null, "waits for a server (" + reason + ")");
        }
    }
}
