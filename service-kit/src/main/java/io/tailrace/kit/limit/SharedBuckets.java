package io.tailrace.kit.limit;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The buckets that all nodes share. Thread-safe; never blocks. */
interface SharedBuckets {
    /**
     * What was found in a bucket.
     *
     * @param taken whether the writes were taken from it: all or none
     * @param remaining what is left
     * @param waitNs if not, after how long they would be there; nanoseconds
     */
    record Share(boolean taken, long remaining, long waitNs) {}

    /**
     * Takes writes out of a caller's bucket.
     *
     * @return what was found, on any thread; exceptionally if it was not answered in time. Null if there is nobody to ask now
     */
    @Nullable
    CompletableFuture<Share> take(String caller, Allowance allowance, int writes);
}
