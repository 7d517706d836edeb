package io.tailrace.ingest.seat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.decision.Decisions;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decisions about seats. One that is not wanted must cost next to nothing: its command's id is read without parsing the rest.
 * Stateless.
 */
final class SeatDecisions implements Decisions<DecisionMade> {
    private static final Logger LOG = LoggerFactory.getLogger(SeatDecisions.class);
    private static final byte[] TYPE = SeatEvents.DECISION_MADE.getBytes(StandardCharsets.UTF_8);
    private static final byte[] START = "{\"command_id\":\"".getBytes(StandardCharsets.UTF_8);
    private static final int UUID_LENGTH = 36;

    @Override
    public String loopName() {
        return "seat-decisions";
    }

    @Override
    public String meterPrefix() {
        return "tailrace.seats";
    }

    @Override
    public String subject() {
        return "seats";
    }

    @Override
    public String topic() {
        return Topics.SEAT_EVENTS;
    }

    @Override
    public UUID commandId(DecisionMade decision) {
        return decision.commandId();
    }

    @Override
    public String fingerprint(DecisionMade decision) {
        return decision.fingerprint();
    }

    @Override
    public Optional<DecisionMade> read(ConsumerRecord<byte[], byte[]> record, Predicate<UUID> isWanted) {
        Header type = record.headers().lastHeader(Event.HEADER_TYPE);
        byte @Nullable [] value = record.value();
        if (value == null || type == null || !Arrays.equals(type.value(), TYPE)) {
            return Optional.empty();
        }
        UUID early = commandId(value);
        if (early != null && !isWanted.test(early)) {
            return Optional.empty();
        }
        try {
            DecisionMade decision = Json.read(value, DecisionMade.class);
            boolean usable = decision.commandId() != null && isWanted.test(decision.commandId());
            return usable ? Optional.of(decision) : Optional.empty();
        } catch (IOException e) {
            // The projection of the reservations puts it into the dead letters.
            LOG.debug("{}-{}@{}: no decision", record.topic(), record.partition(), record.offset(), e);
            return Optional.empty();
        }
    }

    /** The id where it usually stands, as the first field; else null, and the whole must be parsed. */
    private static @Nullable UUID commandId(byte[] value) {
        int from = START.length;
        if (value.length < from + UUID_LENGTH || !Arrays.equals(value, 0, from, START, 0, from)) {
            return null;
        }
        try {
            return UUID.fromString(new String(value, from, UUID_LENGTH, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
