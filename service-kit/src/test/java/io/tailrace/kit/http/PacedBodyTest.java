package io.tailrace.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.http.body.CloseableByteBody;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of an answer that is written as fast as its reader reads. */
class PacedBodyTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicInteger ends = new AtomicInteger();

    @Test
    void anAnswerThatIsWrittenIsWholeAndItsEndIsToldOnce() {
        CloseableByteBody body = body();

        String text = body.buffer().join().toString(StandardCharsets.UTF_8);

        assertThat(text).isEqualTo("onetwo");
        channel.close();
        assertThat(ends).hasValue(1);
    }

    @Test
    void anAnswerToAConnectionThatHasEndedMeanwhileIsLetGo() {
        channel.close();

        CloseableByteBody body = body();

        assertThat(ends).hasValue(1);
        pass(PacedBody.UNCLAIMED);
        assertThatThrownBy(body::move).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anAnswerWhoseConnectionEndsCanStillBeTakenForAWhile() {
        CloseableByteBody body = body();
        channel.close();

        CloseableByteBody taken = body.move();
        pass(PacedBody.UNCLAIMED);

        taken.close();
        assertThat(ends).hasValue(1);
    }

    private CloseableByteBody body() {
        return PacedBody.of(
                channel,
                List.of("one".getBytes(StandardCharsets.UTF_8), "two".getBytes(StandardCharsets.UTF_8)),
                TIMEOUT,
                ends::incrementAndGet);
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
