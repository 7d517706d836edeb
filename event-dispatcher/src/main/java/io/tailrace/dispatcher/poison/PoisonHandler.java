package io.tailrace.dispatcher.poison;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second net (KIP-161, KIP-1033, KIP-1034): what the topology did not foresee becomes a dead letter too, in the same
 * transaction, and the stream goes on.
 *
 * <p>A fault of the record is diverted; a fault of the platform is not. Exceptions of Kafka, of its client and of the
 * state stores ({@link KafkaException}) say nothing about the record: they fail the thread, which is replaced and does
 * the record again.
 *
 * <p>A record that failed half way through a fan-out has reached some followers and not others. Its dead letter is the
 * trace of that; done again by an operator, the ids of the events let readers drop what they have.
 *
 * <p>Streams makes one for each task; not thread-safe.
 */
public final class PoisonHandler implements DeserializationExceptionHandler, ProcessingExceptionHandler {
    /** The key of the {@link DeadLetterForm} in the configuration of a Streams application. */
    public static final String FORM_CONFIG = "tailrace.poison.form";

    private static final Logger LOG = LoggerFactory.getLogger(PoisonHandler.class);

    private @Nullable DeadLetterForm form;
    private PoisonListener listener = (topic, poison) -> {};

    @Override
    public void configure(Map<String, ?> configs) {
        form = (DeadLetterForm) configs.get(FORM_CONFIG);
        listener = PoisonListener.from(configs);
    }

    @Override
    public DeserializationExceptionHandler.Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        DeadLetterForm configured = form;
        if (configured == null) {
            return DeserializationExceptionHandler.Response.fail();
        }
        Poison poison = poison(Poison.Kind.DESERIALISATION, context, exception);
        return DeserializationExceptionHandler.Response.resume(List.of(letter(configured, record, poison)));
    }

    @Override
    public ProcessingExceptionHandler.Response handleError(
            ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        DeadLetterForm configured = form;
        if (configured == null || exception instanceof KafkaException) {
            return ProcessingExceptionHandler.Response.fail();
        }
        Poison poison = poison(Poison.Kind.PROCESSING, context, exception);
        return ProcessingExceptionHandler.Response.resume(
                List.of(letter(configured, original(context, record), poison)));
    }

    private ProducerRecord<byte[], byte[]> letter(
            DeadLetterForm configured, ConsumerRecord<byte[], byte[]> original, Poison poison) {
        LOG.error(
                "{}-{}@{} is a dead letter: {}",
                original.topic(),
                original.partition(),
                original.offset(),
                poison.reason());
        listener.poisoned(original.topic(), poison);
        return configured.letter(original, poison);
    }

    private static Poison poison(Poison.Kind kind, ErrorHandlerContext context, Exception exception) {
        return new Poison(kind, "at node " + context.processorNodeId() + ": " + exception);
    }

    /**
     * The record from the log. Streams frees the raw record as soon as something was derived from it, but the first
     * processor's input is the record itself.
     */
    static ConsumerRecord<byte[], byte[]> original(ErrorHandlerContext context, Record<?, ?> record) {
        @Nullable Headers headers = context.headers();
        return Original.of(
                context.topic(),
                context.partition(),
                context.offset(),
                context.timestamp(),
                bytes(context.sourceRawKey(), record.key()),
                bytes(context.sourceRawValue(), record.value()),
                headers == null ? new RecordHeaders() : headers);
    }

    private static byte @Nullable [] bytes(byte @Nullable [] raw, @Nullable Object seen) {
        return raw == null && seen instanceof byte[] same ? same : raw;
    }
}
