package io.tailrace.workers.forget;

/**
 * What is to be cleaned up.
 *
 * @param what {@code sessions} or {@code uploads}
 */
record ForgetPayload(String what) {}
