package io.tailrace.workers.erasure;

import java.util.UUID;

/**
 * Who is erased.
 *
 * @param userId the person; there need not be an account
 */
record ErasePayload(UUID userId) {}
