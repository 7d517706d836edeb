package io.tailrace.dispatcher;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;
import java.util.Map;
import org.apache.kafka.streams.KafkaStreams;
import org.reactivestreams.Publisher;

/** Ready is: every Streams application is running. While tasks move between instances it is not. */
@Readiness
@Singleton
final class StreamsHealth implements HealthIndicator {
    private final Dispatcher dispatcher;

    StreamsHealth(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Map<String, KafkaStreams.State> states = dispatcher.states();
        boolean runs = !states.isEmpty() && states.values().stream().allMatch(KafkaStreams.State.RUNNING::equals);
        return Publishers.just(HealthResult.builder("kafkaStreams", runs ? HealthStatus.UP : HealthStatus.DOWN)
                .details(states)
                .build());
    }
}
