package io.tailrace.workers.telegram;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The bot that sends messages by Telegram. Immutable.
 *
 * @param token the bot's token, as BotFather gives it; without one, jobs of the type telegram fail at once
 * @param url where the Bot API is: Telegram's, or that of a server of one's own
 * @param deadline how long one request may take
 */
@ConfigurationProperties("tailrace.telegram")
public record TelegramSettings(
        @Bindable(defaultValue = "") String token,
        @Bindable(defaultValue = "https://api.telegram.org") String url,
        @Bindable(defaultValue = "15s") Duration deadline) {
    /** Checks the token's form without repeating it. */
    public TelegramSettings {
        if (!token.matches("|[0-9]{1,20}:[A-Za-z0-9_-]{16,128}")) {
            throw new IllegalArgumentException(
                    "tailrace.telegram.token: expected the token of a bot, digits, a colon and at least 16 of"
                            + " [A-Za-z0-9_-]");
        }
        if (!url.matches("https?://[^?#\\s]+")) {
            throw new IllegalArgumentException("tailrace.telegram.url: expected http or https, a host and no query");
        }
        if (deadline.toMillis() < 1) {
            throw new IllegalArgumentException("tailrace.telegram.deadline: " + deadline + ", expected at least 1 ms");
        }
    }

    boolean isConfigured() {
        return !token.isEmpty();
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "TelegramSettings[" + url + "]";
    }
}
