package io.tailrace.ingest.idempotency;

import io.tailrace.ingest.log.Earlier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One attempt at a write request. For the thread that makes it. */
public final class Write {
    private final Stamp stamp;
    private final @Nullable Earlier earlier;
    private final Consumer<WriteAnswer<?>> store;
    private boolean completed;

    Write(Stamp stamp, @Nullable Earlier earlier, Consumer<WriteAnswer<?>> store) {
        this.stamp = stamp;
        this.earlier = earlier;
        this.store = store;
    }

    /** The ids and the time of what the request makes; the same in every attempt. */
    public Stamp stamp() {
        return stamp;
    }

    /** When an earlier attempt ran whose outcome is not known; null if there was none. */
    public @Nullable Earlier earlier() {
        return earlier;
    }

    /**
     * Stores the answer in the transaction of PostgreSQL that the caller is in, so that effect and answer are there
     * together or not at all. Only for writes whose effect is in PostgreSQL; the others need not call it.
     */
    public void completeInTransaction(WriteAnswer<?> answer) {
        store.accept(answer);
        completed = true;
    }

    boolean isCompleted() {
        return completed;
    }
}
