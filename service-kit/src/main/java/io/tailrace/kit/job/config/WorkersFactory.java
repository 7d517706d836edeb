package io.tailrace.kit.job.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.configuration.kafka.annotation.KafkaClient;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.env.Environment;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.broker.ProducerConfiguration;
import io.tailrace.kit.consume.LoopHealth;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.kit.job.SystemSchedule;
import io.tailrace.kit.job.runtime.Handlers;
import io.tailrace.kit.job.runtime.ShareGroups;
import io.tailrace.kit.job.runtime.Workers;
import io.tailrace.kit.job.runtime.WorkersSettings;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;

/** Puts the workers of a process that is in a group of workers together with the log. */
@Factory
@Requires(bean = WorkersGroup.class)
final class WorkersFactory {
    private static final String COMMANDS = "workers-commands";

    @Singleton
    @Primary
    @Named(COMMANDS)
    ProducerConfiguration workersCommands(Environment environment, KafkaSettings kafka, WorkersSettings settings) {
        return new ProducerConfiguration(environment, kafka, COMMANDS, settings.commandTimeout());
    }

    /** Begun with the application, ended with it. */
    @Context
    @Bean(preDestroy = "close")
    Workers workers(
            WorkersSettings settings,
            KafkaSettings kafka,
            @KafkaClient(COMMANDS) Producer<byte[], byte[]> producer,
            Namespaces namespaces,
            JobQueues queues,
            JobTypes types,
            Collection<JobHandler<?>> handlers,
            Collection<WorkersGroup> groups,
            Collection<SystemSchedule> systemSchedules,
            TopicProvisioner provisioner,
            MeterRegistry registry) {
        List<TopicSpec> topics = new ArrayList<>(Topics.all(namespaces));
        topics.addAll(queues.topics());
        SystemSchedules schedules = new SystemSchedules(
                systemSchedules, types, groups.stream().map(WorkersGroup::name).collect(Collectors.toSet()));
        Workers workers = new Workers(
                settings,
                groups.stream()
                        .map(group -> new Handlers(handlers, types, group.name()))
                        .toList(),
                new Workers.Ports(
                        kafka,
                        producer,
                        new ShareGroups(kafka, settings),
                        queues,
                        types,
                        namespaces,
                        InstantSource.system(),
                        registry,
                        () -> {
                            provisioner.provision(topics);
                            schedules.set(producer, InstantSource.system(), settings.commandTimeout());
                        }),
                // No process before or after it has this name, so that nobody is taken for it.
                "workers-" + UUID.randomUUID());
        workers.start();
        return workers;
    }

    @Singleton
    @Named("workers")
    HealthIndicator workersHealth(Workers workers) {
        return new LoopHealth("workers", workers.loops());
    }

    @Singleton
    @Named("job-handlers")
    HealthIndicator handlersHealth(Workers workers) {
        return new WorkersHealth(workers);
    }
}
