package io.tailrace.kit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;

class BrokerOutageTest {
    @Test
    void aNameThatDoesNotResolvePasses() {
        assertThat(BrokerOutage.isCauseOf(failureOf("nowhere.invalid:9092"))).isTrue();
    }

    @Test
    void aServerThatIsNoneDoesNotPass() {
        assertThat(BrokerOutage.isCauseOf(failureOf("nowhere"))).isFalse();
    }

    @Test
    void brokersThatDoNotAnswerPassHoweverDeepTheyAreInTheFailure() {
        assertThat(BrokerOutage.isCauseOf(new IllegalStateException(
                        new ExecutionException(new LeaderNotAvailableException("no leader")))))
                .isTrue();
        assertThat(BrokerOutage.isCauseOf(new IllegalStateException(new TimeoutException())))
                .isTrue();
    }

    @Test
    void aWrongPasswordAndATopicOfTheWrongShapeDoNotPass() {
        assertThat(BrokerOutage.isCauseOf(new IllegalStateException(new SaslAuthenticationException("wrong password"))))
                .isFalse();
        assertThat(BrokerOutage.isCauseOf(new IllegalStateException("topic t has 3 partitions, declared are 6")))
                .isFalse();
    }

    private static Throwable failureOf(String bootstrap) {
        return catchThrowable(
                () -> Admin.create(KafkaSettings.of(bootstrap).admin("test")).close());
    }
}
