package io.tailrace.dispatcher.poison;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second net (KIP-161, KIP-1033, KIP-1034). A record that cannot even be deserialised becomes a dead letter, in the same
 * transaction, and the stream goes on.
 *
 * <p>A fault while a record is processed, or while the clock is looked at, fails the thread, whatever it is: something may have
 * been written already, and half of a decision must not be committed. The thread is replaced and does the record again. What
 * becomes of a record that fails by itself is decided by {@link FactProcessor}: the next attempt diverts it.
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
        Poison poison = poison(context, exception);
        return DeserializationExceptionHandler.Response.resume(List.of(letter(configured, record, poison)));
    }

    @Override
    public ProcessingExceptionHandler.Response handleError(
            ErrorHandlerContext context, @Nullable Record<?, ?> record, Exception exception) {
        LOG.error(
                "{}-{}@{}: node {} fails, the transaction is done again",
                context.topic(),
                context.partition(),
                context.offset(),
                context.processorNodeId(),
                exception);
        return ProcessingExceptionHandler.Response.fail();
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

    private static Poison poison(ErrorHandlerContext context, Exception exception) {
        return new Poison(Poison.Kind.DESERIALISATION, "at node " + context.processorNodeId() + ": " + exception);
    }
}
