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
 * How many tokens people may have in 24 hours, and how many answers that have not ended. It goes by the copy of the jobs, so questions at the same
 * time can pass it together. Thread-safe; blocks.
 */
@Singleton
final class AnswerBudget {
    /** The most answers of a person that have not ended. */
    static final int MOST_UNFINISHED = 100;

    private static final Duration DAY = Duration.ofHours(24);
    private static final long SOON_S = 60;
    private static final long LATE_S = 3_600;

    private final AnswerLoads loads;
    private final Database database;
    private final long tokensPerDay;

    AnswerBudget(AnswerLoads loads, Database database, AnswersSettings settings) {
        this.loads = loads;
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
        AnswerLoad load = database.call(() -> loads.of(owner.toString(), now.minus(DAY), answer));
        check(load, tokens, tokensPerDay, now);
    }

    /**
     * Lets a question pass, or not.
     *
     * @param load what the person has had in 24 hours
     * @param tokensPerDay 0 for no limit
     */
    static void check(AnswerLoad load, long tokens, long tokensPerDay, Instant now) {
        if (load.unfinished() >= MOST_UNFINISHED) {
            throw refusal(
                    load.unfinished() + " of your answers have not ended, expected fewer than " + MOST_UNFINISHED
                            + "; ask again when some have",
                    SOON_S);
        }
        if (tokensPerDay > 0 && load.tokens() + tokens > tokensPerDay) {
            throw refusal(
                    "You have taken " + load.tokens() + " of " + tokensPerDay
                            + " tokens of 24 hours, and this question can take " + tokens
                            + "; ask for fewer with max_tokens, or later",
                    secondsUntilFewer(load, now));
        }
    }

    /** Until the first of them is older than a day. It can be sooner, when an answer has taken less than it could have. */
    private static long secondsUntilFewer(AnswerLoad load, Instant now) {
        Instant oldestAt = load.oldestAt();
        return oldestAt == null
                ? LATE_S
                : Math.clamp(Duration.between(now, oldestAt.plus(DAY)).toSeconds(), SOON_S, LATE_S);
    }

    private static ProblemException refusal(String detail, long seconds) {
        return new ProblemException(ProblemType.RATE_LIMITED, detail).with("Retry-After", Long.toString(seconds));
    }
}
