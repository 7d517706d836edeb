package io.tailrace.edge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class TestBrokerTest {
    @Test
    void comesBackAtTheSamePortAfterARestart() {
        // given
        TestBroker broker = TestBroker.shared();
        long before = broker.publish("news:restart", "note", "{}").offset();

        // when
        broker.stop();
        broker.start();

        // then
        assertThat(broker.publish("news:restart", "note", "{}").offset()).isGreaterThan(before);
        assertThat(broker.topics()).contains("tailrace.channels.news");
    }
}
