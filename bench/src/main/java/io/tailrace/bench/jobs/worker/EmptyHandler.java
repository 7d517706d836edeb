package io.tailrace.bench.jobs.worker;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.tailrace.bench.jobs.board.StartBoard;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobHandler;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A job that notes that it has started, and does nothing else. */
@Singleton
@Requires(property = EmptyHandler.BOARD)
public final class EmptyHandler implements JobHandler<EmptyHandler.Numbered> {
    /** The property that the variable {@link StartBoard#VARIABLE} sets. */
    static final String BOARD = "bench.jobs.board";

    /** The type of the jobs. */
    public static final String TYPE = "bench_empty";

    /** The group of workers that runs them. */
    public static final String GROUP = "bench";

    private final StartBoard board;

    /**
     * The payload.
     *
     * @param number from 0
     */
    public record Numbered(int number) {}

    EmptyHandler(@Value("${" + BOARD + "}") String file) throws IOException {
        board = StartBoard.open(Path.of(file));
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Class<Numbered> payload() {
        return Numbered.class;
    }

    @Override
    public @Nullable Object run(Numbered payload, JobContext context) {
        board.start(payload.number());
        return null;
    }

    @PreDestroy
    void close() {
        board.close();
    }
}
