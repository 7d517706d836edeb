package io.tailrace.workers.telegram;

import io.micronaut.core.annotation.Introspected;
import org.jspecify.annotations.Nullable;

/**
 * What a job of the type {@code telegram} sends.
 *
 * @param chatId the chat: a number, or the {@code @name} of a channel
 * @param text the message
 * @param parseMode how marks in the text are read: HTML, MarkdownV2 or Markdown; null for none
 */
@Introspected
record TelegramPayload(@Nullable Object chatId, @Nullable String text, @Nullable String parseMode) {}
