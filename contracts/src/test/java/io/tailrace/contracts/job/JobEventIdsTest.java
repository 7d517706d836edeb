package io.tailrace.contracts.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Ids in events that nobody has parsed. */
class JobEventIdsTest {
    private static final UUID JOB = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0001L);
    private static final UUID COMMAND = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0002L);

    @Test
    void bothIdsAreFound() {
        byte[] event =
                bytes("{\"job\":{\"id\":\"" + JOB + "\",\"queue\":\"default\"},\"command_id\":\"" + COMMAND + "\"}");

        assertThat(JobEventIds.jobId(event)).isEqualTo(JOB);
        assertThat(JobEventIds.commandId(event)).isEqualTo(COMMAND);
    }

    @Test
    void aTextThatLooksLikeTheFieldIsNotTaken() {
        byte[] event = bytes("{\"job\":{\"id\":\"" + JOB + "\",\"key\":\"\\\"command_id\\\":\\\"" + JOB
                + "\"},\"command_id\":\"" + COMMAND + "\"}");

        assertThat(JobEventIds.commandId(event)).isEqualTo(COMMAND);
    }

    @Test
    void whatHasNoIdsHasNone() {
        for (String text : new String[] {
            "", "{", "{}", "{\"job\":null,\"command_id\":null}", "{\"job\":{\"id\":\"", "{\"command_id\":\"12345678"
        }) {
            assertThat(JobEventIds.jobId(bytes(text))).as(text).isNull();
            assertThat(JobEventIds.commandId(bytes(text))).as(text).isNull();
        }
        String noUuid = "{\"job\":{\"id\":\"" + "x".repeat(36) + "\"},\"command_id\":\"" + "y".repeat(36) + "\"}";
        assertThat(JobEventIds.jobId(bytes(noUuid))).isNull();
        assertThat(JobEventIds.commandId(bytes(noUuid))).isNull();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
