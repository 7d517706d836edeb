package io.tailrace.ingest.answer;

import io.micronaut.core.annotation.Introspected;
import java.util.UUID;

/**
 * Where an answer will be.
 *
 * @param id its id
 * @param channel where it is written while it comes; its asker may read it, from its beginning
 * @param state {@code waiting}, {@code running}, {@code completed}, {@code failed} or {@code cancelled}
 */
@Introspected
record AcceptedAnswer(UUID id, String channel, String state) {}
