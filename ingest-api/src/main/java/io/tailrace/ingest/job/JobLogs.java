package io.tailrace.ingest.job;

import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What handlers have logged, as of the call if the copy gets there in time. Thread-safe; blocks. */
@Singleton
class JobLogs {
    private static final String PROJECTION = "job_logs";
    private static final Pattern PLACE = Pattern.compile("([0-9]{1,9})\\.([0-9]{1,9})");

    private final LogLineRows rows;
    private final Database database;
    private final ProjectionWait projection;

    JobLogs(LogLineRows rows, Database database, ProjectionWait projection) {
        this.rows = rows;
        this.database = database;
        this.projection = projection;
    }

    /** A place in the log of a job: behind this line of this attempt. */
    record Place(int attempt, int line) {
        private static final Place BEGINNING = new Place(0, 0);

        /**
         * The place that a page named.
         *
         * @throws ProblemException 400 if it is none
         */
        static Place parse(@Nullable String after) {
            if (after == null) {
                return BEGINNING;
            }
            Matcher matcher = PLACE.matcher(after);
            if (!matcher.matches()) {
                throw ProblemException.invalid("after", "expected the next of a page of a log, for example 1.500");
            }
            return new Place(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        }
    }

    /**
     * The lines of a job that is there, after a place.
     *
     * @param attempt an attempt, or 0 for all
     * @throws ProblemException 503 if PostgreSQL is away
     */
    Jobs.Found<JobLogPage> read(UUID job, int attempt, Place after, int limit) {
        boolean fresh = projection.catchUp(PROJECTION, Topics.JOB_LOGS, FactKeys.partition(job.toString()));
        List<LogLineRow> found =
                database.call(() -> rows.after(job, attempt, after.attempt(), after.line(), limit + 1));
        String dropped = database.call(() -> rows.dropped(job, attempt));
        List<LogLineRow> shown = found.stream().limit(limit).toList();
        String next = found.size() > limit
                ? shown.getLast().attempt() + "." + shown.getLast().line()
                : null;
        return new Jobs.Found<>(
                new JobLogPage(shown.stream().map(JobLogPage.Line::of).toList(), dropped(dropped), next), fresh);
    }

    private static List<JobLogPage.Dropped> dropped(String text) {
        return Arrays.stream(text.split(","))
                .filter(each -> !each.isEmpty())
                .map(each -> each.split(":"))
                .map(parts -> new JobLogPage.Dropped(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])))
                .toList();
    }
}
