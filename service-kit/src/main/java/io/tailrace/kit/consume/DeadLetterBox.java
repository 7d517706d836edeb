package io.tailrace.kit.consume;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters of one loop. It remembers the letters for records that are not yet behind the loop, so that an
 * attempt that is made again and again does not send them again and again. After a crash a letter may be there twice; it
 * is never missing, if the loop moves its position only after {@link #put}. Confined to the loop's thread; it remembers
 * no more than what the loop reads between two moves of its position.
 */
public final class DeadLetterBox {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterBox.class);

    private final DeadLetterSender sender;
    private final String consumer;
    private final Set<Letter> sent = new HashSet<>();

    private record Letter(int partition, long offset) {
        static Letter of(ConsumerRecord<byte[], byte[]> record) {
            return new Letter(record.partition(), record.offset());
        }
    }

    /**
     * A box for the records of one topic.
     *
     * @param consumer who could not use them, for example {@code projections/users}
     */
    public DeadLetterBox(DeadLetterSender sender, String consumer) {
        this.sender = sender;
        this.consumer = consumer;
    }

    /**
     * Sends what was not sent yet, and returns when the brokers have it.
     *
     * @return how many were sent now
     * @throws org.apache.kafka.common.KafkaException if the brokers do not take them
     */
    public int put(List<Poisoned> poisoned) {
        List<Poisoned> unsent = poisoned.stream()
                .filter(each -> !sent.contains(Letter.of(each.record())))
                .toList();
        if (unsent.isEmpty()) {
            return 0;
        }
        ConsumerRecord<byte[], byte[]> first = unsent.getFirst().record();
        // Not the reason: it may quote what a person wrote.
        LOG.warn(
                "{}: {} records go to the dead letters, with their reasons; the first is {}-{}@{}",
                consumer,
                unsent.size(),
                first.topic(),
                first.partition(),
                first.offset());
        sender.send(consumer, unsent);
        unsent.forEach(each -> sent.add(Letter.of(each.record())));
        return unsent.size();
    }

    /** The loop has moved its position beyond all that it has read. */
    public void passed() {
        sent.clear();
    }
}
