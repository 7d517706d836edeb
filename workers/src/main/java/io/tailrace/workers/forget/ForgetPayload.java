package io.tailrace.workers.forget;

/**
 * What is to be cleaned up.
 *
 * @param what {@code sessions}
 */
record ForgetPayload(String what) {}
