package io.tailrace.kit.broker;

import io.micronaut.configuration.kafka.config.KafkaDefaultConfiguration;
import io.micronaut.configuration.kafka.config.KafkaHealthConfiguration;
import io.micronaut.configuration.kafka.health.KafkaHealthIndicator;
import io.micronaut.configuration.kafka.health.NetworkClientCreator;
import io.micronaut.context.BeanContext;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.scheduling.TaskExecutors;
import io.tailrace.kit.consume.Condition;
import io.tailrace.kit.consume.LoopHealth;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The health of the brokers as micronaut-kafka sees it, under {@code kafka}. Without brokers a service is {@code DEGRADED} and
 * not {@code DOWN}: another instance would miss them, too, and what does not need them goes on. {@code /health} is open to
 * everybody, so the brokers are asked once a second at most, and not on the thread of a connection. Thread-safe.
 */
@Singleton
@Replaces(KafkaHealthIndicator.class)
@Requires(property = "kafka.health.enabled", notEquals = "false")
final class BrokerHealth extends KafkaHealthIndicator {
    private static final String NAME = "kafka";
    private static final Duration ASKED_EVERY = Duration.ofSeconds(1);

    private final Mono<HealthResult> shared;

    BrokerHealth(
            BeanContext context,
            KafkaDefaultConfiguration defaults,
            NetworkClientCreator clients,
            KafkaHealthConfiguration settings,
            @Named(TaskExecutors.BLOCKING) ExecutorService executor) {
        super(context, defaults, clients, settings);
        this.shared = Mono.defer(() -> super.getResult().next())
                .subscribeOn(Schedulers.fromExecutor(executor))
                .timeout(
                        KafkaDefaults.HEALTH_TIMEOUT,
                        Mono.error(() -> new TimeoutException("the brokers do not answer")))
                .onErrorResume(fault -> Mono.just(HealthResult.builder(NAME, LoopHealth.DEGRADED)
                        .details(Map.of("error", Condition.Retrying.reasonOf(fault)))
                        .build()))
                .map(BrokerHealth::degraded)
                .cache(ASKED_EVERY);
    }

    @Override
    public Flux<HealthResult> getResult() {
        return shared.flux();
    }

    private static HealthResult degraded(HealthResult result) {
        return result.getStatus().equals(HealthStatus.DOWN)
                ? HealthResult.builder(NAME, LoopHealth.DEGRADED)
                        .details(result.getDetails())
                        .build()
                : result;
    }
}
