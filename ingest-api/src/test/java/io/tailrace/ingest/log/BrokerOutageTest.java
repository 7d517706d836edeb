package io.tailrace.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class BrokerOutageTest {
    private final String room = "chat:" + UUID.randomUUID();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();

    @Test
    void what_is_retried_with_its_key_through_an_outage_is_in_the_log_once_and_in_order() throws Exception {
        // Impatient, so that many requests end without knowing what became of their event.
        Map<String, Object> impatient =
                Map.of("tailrace.log.delivery-timeout", "500ms", "tailrace.log.max-block", "100ms");
        try (TestIngest server = TestIngest.start(impatient)) {
            Http publisher = server.with(TestKeys.shared().publisher("chat:*"));
            Thread publishing = Thread.ofVirtual().start(() -> publish(publisher));
            for (int outage = 1; outage <= 2; outage++) {
                int before = acknowledged.get();
                Eventually.holds("events flow", () -> acknowledged.get() > before + 20);
                int refusedBefore = refused.get();
                TestBroker.shared().stop();
                Eventually.holds("requests are refused", () -> refused.get() > refusedBefore);
                TestBroker.shared().start();
            }
            int before = acknowledged.get();
            Eventually.holds("events flow again", () -> acknowledged.get() > before + 20);
            stopped.set(true);
            Eventually.ends("the publisher ends", publishing);
        }

        assertThat(TestLog.events("tailrace.channels.chat", room))
                .extracting(TestLog.Logged::data)
                .containsExactlyElementsOf(IntStream.range(0, acknowledged.get())
                        .mapToObj(Integer::toString)
                        .toList());
    }

    private void publish(Http publisher) {
        while (!stopped.get()) {
            Http keyed = publisher.header("Idempotency-Key", UUID.randomUUID().toString());
            String event = "{\"type\": \"counted\", \"data\": " + acknowledged.get() + "}";
            Eventually.holds("the event is acknowledged", () -> {
                int status = keyed.post("/channels/" + room + "/events", event).status();
                refused.addAndGet(status == 202 ? 0 : 1);
                return status == 202;
            });
            acknowledged.incrementAndGet();
        }
    }
}
