package io.tailrace.workers.answer;

import io.micronaut.configuration.kafka.annotation.KafkaClient;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.kit.answer.AnswersSettings;
import io.tailrace.kit.broker.ProducerConfiguration;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.outbound.OutboundHttp;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.apache.kafka.clients.producer.Producer;

/** Makes the handler of answers. Their producer waits longer for a broker that starts again than that of commands, which are repeated. */
@Factory
final class AnswerFactory {
    private static final String PRODUCER = "workers-answers";

    @Singleton
    @Named(PRODUCER)
    ProducerConfiguration answersProducer(Environment environment, KafkaSettings kafka, AnswersSettings settings) {
        return new ProducerConfiguration(environment, kafka, PRODUCER, settings.logTimeout());
    }

    @Singleton
    JobHandler<AnswerPayload> answers(
            AnswersSettings settings,
            OutboundHttp http,
            @KafkaClient(PRODUCER) Producer<byte[], byte[]> producer,
            Namespaces namespaces) {
        return new AnswerHandler(
                settings.models(), settings, http, producer, namespaces, System::getenv, InstantSource.system());
    }
}
