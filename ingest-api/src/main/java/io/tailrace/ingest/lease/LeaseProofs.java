package io.tailrace.ingest.lease;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Which attempts tokens stand for, by the word of the dispatcher. What it said is remembered for {@link #REMEMBERED_FOR}, so that not each request
 * with log lines is a command. Thread-safe; blocks.
 */
final class LeaseProofs {
    /** So long after the end of an attempt its lines may be taken. */
    static final Duration REMEMBERED_FOR = Duration.ofSeconds(10);

    private static final int MOST_REMEMBERED = 10_000;

    private final AttemptStarts.Commands commands;
    private final Supplier<UUID> ids;
    private final Cache<Proof, Integer> attempts;

    private record Proof(UUID job, long token) {}

    /**
     * Proofs.
     *
     * @param ids makes ids of commands
     * @param ticker the time
     */
    LeaseProofs(AttemptStarts.Commands commands, Supplier<UUID> ids, Ticker ticker) {
        this.commands = commands;
        this.ids = ids;
        this.attempts = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(REMEMBERED_FOR)
                .ticker(ticker)
                .build();
    }

    /**
     * The number of the attempt that a token of a job stands for, and which goes on or was cancelled. The dispatcher is asked by a heartbeat.
     *
     * @throws ProblemException 409 if the attempt is over, 404 if the job is forgotten, 503 if the dispatcher did not answer in time
     */
    int attempt(String queue, UUID job, long token) {
        Proof proof = new Proof(job, token);
        Integer known = attempts.getIfPresent(proof);
        if (known != null) {
            return known;
        }
        JobCommand.Heartbeat heartbeat = new JobCommand.Heartbeat(ids.get(), queue, job, token, true);
        int attempt = ReportAnswers.attempt(heartbeat, commands.ask(heartbeat).join());
        attempts.put(proof, attempt);
        return attempt;
    }
}
