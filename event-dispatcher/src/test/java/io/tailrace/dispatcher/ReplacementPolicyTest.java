package io.tailrace.dispatcher;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class ReplacementPolicyTest {
    private static final long WINDOW_MS = 1_000;
    private static final Throwable FAULT = new StreamsException("fault");

    private final ReplacementPolicy policy = new ReplacementPolicy(2, WINDOW_MS);

    @Test
    void threads_are_replaced_up_to_the_bound() {
        assertThat(policy.decide(FAULT, 0)).isEqualTo(REPLACE_THREAD);
        assertThat(policy.decide(FAULT, 10)).isEqualTo(REPLACE_THREAD);
        assertThat(policy.decide(FAULT, WINDOW_MS)).isEqualTo(SHUTDOWN_CLIENT);
    }

    @Test
    void a_replacement_before_the_window_no_longer_counts() {
        assertThat(policy.decide(FAULT, 0)).isEqualTo(REPLACE_THREAD);
        assertThat(policy.decide(FAULT, 10)).isEqualTo(REPLACE_THREAD);
        assertThat(policy.decide(FAULT, WINDOW_MS + 1)).isEqualTo(REPLACE_THREAD);
        assertThat(policy.decide(FAULT, WINDOW_MS + 2)).isEqualTo(SHUTDOWN_CLIENT);
    }

    @Test
    void with_a_bound_of_zero_nothing_is_replaced() {
        assertThat(new ReplacementPolicy(0, WINDOW_MS).decide(FAULT, 0)).isEqualTo(SHUTDOWN_CLIENT);
    }

    @Test
    void after_an_error_of_the_jvm_no_thread_is_replaced() {
        assertThat(policy.decide(new StreamsException(new OutOfMemoryError()), 0))
                .isEqualTo(SHUTDOWN_CLIENT);
    }

    @Test
    void an_instance_that_was_fenced_by_another_of_its_name_gives_way() {
        assertThat(policy.decide(new StreamsException(new FencedInstanceIdException("taken")), 0))
                .isEqualTo(SHUTDOWN_CLIENT);
    }
}
