package io.tailrace.workers.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.tailrace.contracts.webhook.WebhookSecret;
import io.tailrace.kit.outbound.OutboundRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** An attempt's request as of Standard Webhooks 1.0: its body, its id, its time, and a signature for each secret. Pure. */
final class WebhookRequest {
    private static final String PURPOSE = "webhook";

    private WebhookRequest() {}

    /**
     * The request, which goes to addresses of the public internet alone and follows no redirect.
     *
     * @param body the event as JSON
     * @param messageId the same in each attempt
     * @param now the time of this attempt, in whole seconds
     * @param secrets what it is signed with; may be empty
     */
    static OutboundRequest of(String url, byte[] body, UUID messageId, Instant now, List<WebhookSecret> secrets) {
        OutboundRequest request = OutboundRequest.of(PURPOSE, "POST", url, "application/json", body)
                .with("webhook-id", messageId.toString())
                .with("webhook-timestamp", String.valueOf(now.getEpochSecond()))
                .personal();
        return secrets.isEmpty()
                ? request
                : request.with("webhook-signature", signatures(body, messageId, now, secrets));
    }

    private static String signatures(byte[] body, UUID messageId, Instant now, List<WebhookSecret> secrets) {
        String text = new String(body, StandardCharsets.UTF_8);
        return secrets.stream()
                .map(secret -> signature(secret, messageId, now, text))
                .collect(Collectors.joining(" "));
    }

    private static String signature(WebhookSecret secret, UUID messageId, Instant now, String body) {
        try {
            return new Webhook(secret.text()).sign(messageId.toString(), now.getEpochSecond(), body);
        } catch (WebhookSigningException e) {
            throw new IllegalStateException("HMAC-SHA256", e);
        }
    }
}
