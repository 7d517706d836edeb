package io.tailrace.dispatcher.poison;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** The branch of a processor to the dead letters. Belongs to one task: not thread-safe. */
public final class PoisonBranch {
    private final ProcessorContext<byte[], byte[]> context;
    private final String sink;
    private final DeadLetterForm form;
    private final PoisonListener listener;

    /**
     * A branch.
     *
     * @param context the processor's context; its configuration may name a {@link PoisonListener}
     * @param sink the name of the sink node of the dead letters, a child of the processor
     * @param form the form of the letters
     */
    public PoisonBranch(ProcessorContext<byte[], byte[]> context, String sink, DeadLetterForm form) {
        this.context = context;
        this.sink = sink;
        this.form = form;
        this.listener = PoisonListener.from(context.appConfigs());
    }

    /** Sends the record that is being processed to the dead letters. It must not go anywhere else. */
    public void divert(Record<byte[], byte[]> record, Poison poison) {
        divert(Original.of(context, record), poison);
    }

    /** Sends a record that was processed earlier to the dead letters. */
    public void divert(ConsumerRecord<byte[], byte[]> original, Poison poison) {
        ProducerRecord<byte[], byte[]> letter = form.letter(original, poison);
        long foundMs = Math.max(0, context.currentSystemTimeMs());
        context.forward(new Record<>(letter.key(), letter.value(), foundMs, letter.headers()), sink);
        listener.poisoned(original.topic(), poison);
    }
}
