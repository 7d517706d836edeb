package io.tailrace.workers.email;

import io.micronaut.core.annotation.Introspected;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a job of the type {@code email} sends.
 *
 * @param to the address of the mailbox, without a name
 * @param subject one line
 * @param text the plain text
 * @param html the same as HTML; null for a message of plain text alone
 * @param data values of the placeholders {@code {{name}}} in subject, text and html; null if they have none, and then braces have
 *     no meaning
 */
@Introspected
record EmailPayload(
        @Nullable String to,
        @Nullable String subject,
        @Nullable String text,
        @Nullable String html,
        @Nullable Map<String, @Nullable Object> data) {}
