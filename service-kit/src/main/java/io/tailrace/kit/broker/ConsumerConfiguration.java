package io.tailrace.kit.broker;

import io.micronaut.configuration.kafka.config.AbstractKafkaConsumerConfiguration;
import io.micronaut.configuration.kafka.config.KafkaConsumerConfiguration;
import io.micronaut.context.annotation.Parameter;
import io.micronaut.context.annotation.Prototype;
import io.micronaut.context.env.Environment;
import io.micronaut.core.naming.conventions.StringConvention;
import io.tailrace.kit.kafka.KafkaSettings;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * The settings of one consumer, for micronaut-kafka, in the order of {@link ProducerConfiguration}: those of a name are {@code
 * kafka.consumers.<name>.*}. Made by {@link ConsumerBeans}.
 */
@Prototype
final class ConsumerConfiguration extends AbstractKafkaConsumerConfiguration<byte[], byte[]> {
    ConsumerConfiguration(
            @Parameter String name, @Parameter Map<String, Object> own, Environment environment, KafkaSettings kafka) {
        super(new Properties());
        Map<String, Object> named =
                environment.getProperties(KafkaConsumerConfiguration.PREFIX + "." + name, StringConvention.RAW);
        getConfig().putAll(kafka.consumer(name, named));
        getConfig().putAll(own);
        getConfig().put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, ConsumerMeters.class.getName());
    }
}
