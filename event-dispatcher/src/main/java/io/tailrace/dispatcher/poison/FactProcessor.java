package io.tailrace.dispatcher.poison;

import io.tailrace.dispatcher.channel.TracedContext;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.internals.FailedProcessingException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Every topology's first step: reads a fact from a record and applies it, or diverts the record to the dead letters.
 * Belongs to one task: not thread-safe.
 *
 * <p>A fact is applied whole or not at all. If its application fails after it has written something, the transaction must not be
 * committed: the record is remembered in {@link RefusedEvents}, the task fails, and when the thread's successor reads the record
 * again, it diverts it without applying it.
 *
 * @param <T> the fact
 */
public final class FactProcessor<T extends Fact> implements Processor<byte[], byte[], byte[], byte[]> {
    /** The name of the sink node of the dead letters in every topology; it is a child of every fact processor. */
    public static final String DEAD_LETTERS_SINK = "dead-letters";

    private final FactReader.Reader<T> reader;
    private final DeadLetterForm form;
    private final Function<TracedContext<byte[], byte[]>, Application<T>> binding;
    private @Nullable Bound<T> bound;

    /**
     * What is done with a fact.
     *
     * @param <T> the fact
     */
    @FunctionalInterface
    public interface Application<T> {
        /**
         * Applies a fact.
         *
         * @param fact what the record says
         * @param timestampMs the record's time, in milliseconds since the epoch, not below zero
         */
        void apply(T fact, long timestampMs);

        /** The task ends, or goes to another instance. */
        default void close() {}
    }

    private record Bound<T>(
            TracedContext<byte[], byte[]> context,
            Application<T> application,
            PoisonBranch poison,
            RefusedEvents refused) {}

    /**
     * A step.
     *
     * @param reader reads the fact
     * @param form the form of a dead letter
     * @param binding makes the application from the task's context, with the stores that it needs
     */
    public FactProcessor(
            FactReader.Reader<T> reader,
            DeadLetterForm form,
            Function<TracedContext<byte[], byte[]>, Application<T>> binding) {
        this.reader = reader;
        this.form = form;
        this.binding = binding;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> task) {
        TracedContext<byte[], byte[]> context = new TracedContext<>(task);
        bound = new Bound<>(
                context,
                binding.apply(context),
                new PoisonBranch(context, DEAD_LETTERS_SINK, form),
                RefusedEvents.from(context.appConfigs()));
    }

    @Override
    public void close() {
        Bound<T> task = bound;
        if (task != null) {
            task.application().close();
            bound = null;
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Bound<T> task = bound;
        if (task == null) {
            throw new IllegalStateException("process() before init()");
        }
        task.context().begin(record.headers());
        try {
            process(task, record);
        } finally {
            task.context().end();
        }
    }

    private void process(Bound<T> task, Record<byte[], byte[]> record) {
        ConsumerRecord<byte[], byte[]> original = Original.of(task.context(), record);
        switch (FactReader.read(original, reader)) {
            case CheckedRecord.Poisoned<T>(Poison fault) -> task.poison().divert(record, fault);
            case CheckedRecord.Sound<T>(T fact) -> {
                Poison before = foundBefore(task, original, fact);
                if (before == null) {
                    apply(task, original, fact, record.timestamp());
                } else {
                    task.poison().divert(record, before);
                    // Told at once: were there many such records, each would otherwise be diverted anew after each
                    // failure.
                    task.context().commit();
                }
            }
        }
    }

    /** What an earlier attempt found out about a record, which was aborted; null if nothing. */
    private static <T extends Fact> @Nullable Poison foundBefore(
            Bound<T> task, ConsumerRecord<byte[], byte[]> original, T fact) {
        String failure = task.refused().failure(original.topic(), original.partition(), original.offset());
        if (failure != null) {
            return new Poison(Poison.Kind.PROCESSING, failure);
        }
        String id = fact.derivedId();
        String refusal = id == null ? null : task.refused().reason(id);
        return refusal == null ? null : new Poison(Poison.Kind.PRODUCTION, refusal);
    }

    private static <T extends Fact> void apply(
            Bound<T> task, ConsumerRecord<byte[], byte[]> original, T fact, long timestampMs) {
        try {
            task.application().apply(fact, timestampMs);
        } catch (KafkaException e) {
            // A fault of the platform says nothing about the record.
            throw e;
        } catch (RuntimeException e) {
            // A node behind this one that failed has wrapped its fault.
            Throwable fault = e instanceof FailedProcessingException && e.getCause() != null ? e.getCause() : e;
            if (fault instanceof KafkaException) {
                throw e;
            }
            task.refused().fail(original.topic(), original.partition(), original.offset(), "not applied: " + fault);
            throw new StreamsException(
                    original.topic() + "-" + original.partition() + "@" + original.offset()
                            + " could not be applied; what it wrote is taken back, and it will be a dead letter",
                    e);
        }
    }
}
