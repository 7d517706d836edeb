package io.tailrace.contracts.job;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.job.JobEvents.JobLogged;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobLogLineTest {
    @ParameterizedTest
    @CsvSource({"0, info, line", "501, info, line", "1, INFO, level", "1, fatal, level"})
    void aLineThatIsNoneIsRefused(int line, String level, String field) {
        assertThatThrownBy(() -> new JobLogLine(line, Instant.EPOCH, level, "text"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(field + ": ");
    }

    @Test
    void aLineThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> new JobLogLine(1, Instant.EPOCH, "info", "é".repeat(2_049)))
                .hasMessageStartingWith("text: its bytes");
    }

    @Test
    void whatIsNoLogOfAnAttemptIsRefused() {
        JobLogLine line = new JobLogLine(1, Instant.EPOCH, "info", "text");

        assertThatThrownBy(() -> new JobLogged(UUID.randomUUID(), 0, List.of(), 0))
                .hasMessageStartingWith("attempt");
        assertThatThrownBy(() -> new JobLogged(UUID.randomUUID(), 1, List.of(), -1))
                .hasMessageStartingWith("dropped");
        assertThatThrownBy(() -> new JobLogged(UUID.randomUUID(), 1, Collections.nCopies(501, line), 0))
                .hasMessageStartingWith("lines");
    }
}
