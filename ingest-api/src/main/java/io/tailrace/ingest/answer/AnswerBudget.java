package io.tailrace.ingest.answer;

import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.answer.AnswersSettings;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * How many tokens people may have in 24 hours. It goes by the copy of the jobs, so questions at the same time can pass it together. Thread-safe;
 * blocks.
 */
@Singleton
final class AnswerBudget {
    private static final Duration DAY = Duration.ofHours(24);
    private static final String RETRY_AFTER_SECONDS = "600";

    private final AnswerRows rows;
    private final Database database;
    private final long tokensPerDay;

    AnswerBudget(AnswerRows rows, Database database, AnswersSettings settings) {
        this.rows = rows;
        this.database = database;
        this.tokensPerDay = settings.tokensPerDay();
    }

    /**
     * Lets a question pass.
     *
     * @param answer the answer, which may have been asked for already with the same key
     * @param tokens how many it takes at the most
     * @throws ProblemException 429 if the person would have more than they may; 503 if PostgreSQL is away
     */
    void require(UUID owner, UUID answer, long tokens, Instant now) {
        if (tokensPerDay == 0) {
            return;
        }
        long taken = database.call(() -> rows.tokens(owner.toString(), now.minus(DAY), answer));
        if (taken + tokens > tokensPerDay) {
            throw new ProblemException(
                            ProblemType.RATE_LIMITED,
                            "You have taken " + taken + " of " + tokensPerDay
                                    + " tokens of 24 hours, and this question can" + " take " + tokens
                                    + "; ask for fewer with max_tokens, or later")
                    .with("Retry-After", RETRY_AFTER_SECONDS);
        }
    }
}
