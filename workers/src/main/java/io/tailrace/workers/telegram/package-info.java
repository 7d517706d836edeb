/** Jobs of the type {@code telegram}: one message by Telegram's Bot API. Nothing here knows where jobs come from. */
@NullMarked
package io.tailrace.workers.telegram;

import org.jspecify.annotations.NullMarked;
