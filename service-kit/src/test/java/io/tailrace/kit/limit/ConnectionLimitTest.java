package io.tailrace.kit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.kit.limit.ConnectionLimit.Outcome;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
    @Test
    void whatIsRefusedDoesNotCountAndWhatIsReleasedMakesRoom() {
        ConnectionLimit limit = new ConnectionLimit(3, 2);
        assertThat(limit.take("a")).isEqualTo(Outcome.TAKEN);
        assertThat(limit.take("a")).isEqualTo(Outcome.TAKEN);
        assertThat(limit.take("a")).isEqualTo(Outcome.ADDRESS_FULL);
        assertThat(limit.take("b")).isEqualTo(Outcome.TAKEN);
        assertThat(limit.take("b")).isEqualTo(Outcome.FULL);
        assertThat(limit.take(null)).isEqualTo(Outcome.FULL);
        assertThat(limit.open()).isEqualTo(3);

        limit.release("a");

        assertThat(limit.take("b")).isEqualTo(Outcome.TAKEN);
        limit.release("b");
        limit.release("b");
        assertThat(limit.take("a")).isEqualTo(Outcome.TAKEN);
        assertThat(limit.take("a")).isEqualTo(Outcome.ADDRESS_FULL);
    }

    @Test
    void nobodysConnectionsCountInAllOnly() {
        ConnectionLimit limit = new ConnectionLimit(2, 1);
        assertThat(limit.take(null)).isEqualTo(Outcome.TAKEN);
        assertThat(limit.take(null)).isEqualTo(Outcome.TAKEN);
        assertThat(limit.take(null)).isEqualTo(Outcome.FULL);

        limit.release(null);

        assertThat(limit.open()).isEqualTo(1);
    }
}
