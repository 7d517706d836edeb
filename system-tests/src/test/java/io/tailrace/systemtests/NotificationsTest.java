package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.Api.Answer;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From a request for a job to a mailbox on a real mail server. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class NotificationsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void a_mail_that_was_asked_for_arrives_once_and_its_job_has_succeeded(Platform platform) throws Exception {
        ServerSetup setup = new ServerSetup(SharedPlatform.mailPort(), "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        // Two seconds otherwise, which a busy machine may need.
        setup.setServerStartupTimeout(LIMIT.toMillis());
        GreenMail server = new GreenMail(setup);
        server.start();
        try {
            Api sender = new Api(platform.origin(), platform.token("notifier", "--job", "email"));
            Map<String, Object> mail = Map.of(
                    "to", "ada@example.org",
                    "subject", "Grüße an {{name}}",
                    "text", "Dear {{name}}",
                    "data", Map.of("name", "Ada"));
            Answer posted = sender.call("POST", "/jobs", Map.of("type", "email", "payload", mail));
            String id = posted.json().path("id").asText();
            assertThat(posted.status()).as(posted.json().toString()).isIn(201, 202);

            eventually("the mail arrives", LIMIT, () -> server.getReceivedMessages().length > 0);
            eventually("the job has succeeded", LIMIT, () -> sender.call("GET", "/jobs/" + id, null)
                    .json()
                    .path("state")
                    .asText()
                    .equals("succeeded"));

            assertThat(server.getReceivedMessages()).hasSize(1);
            MimeMessage received = server.getReceivedMessages()[0];
            assertThat(received.getMessageID()).isEqualTo("<" + id + "@" + SharedPlatform.MAIL_DOMAIN + ">");
            assertThat(received.getSubject()).isEqualTo("Grüße an Ada");
        } finally {
            server.stop();
        }
    }
}
