package io.tailrace.bench.recovery;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * A show with a section of rows of 100, and what people want of its seats, as records that ingest-api would write. The reservation of
 * a seat has an id that follows from its number.
 *
 * @param id the show
 * @param startsAt when it begins
 * @param seats how many it has, in whole rows
 */
record Hall(UUID id, Instant startsAt, int seats) {
    static final String SHOWS = "tailrace.shows";
    static final String COMMANDS = "tailrace.seat-commands";
    static final int SEATS_PER_ROW = 100;

    private static final long VERSION_7 = 0x7000;
    private static final long VARIANT_2 = 0x8000_0000_0000_0000L;
    private static final int CONFIRMATION = 1 << 30;

    /** The partition of the show, its commands and its seats. */
    int partition(int partitions) {
        return Utils.toPositive(Utils.murmur2(bytes(id.toString()))) % partitions;
    }

    ProducerRecord<byte[], byte[]> created() {
        String json = "{'id':'" + id + "','organizer_id':'bench','name':'Bench','starts_at':'" + startsAt
                + "','sections':[{'name':'A','rows':" + (seats + SEATS_PER_ROW - 1) / SEATS_PER_ROW
                + ",'seats_per_row':" + SEATS_PER_ROW
                + ",'price':10}],'hold_seconds':3600,'max_hold_seconds':3600,'max_seats_per_user':10}";
        return record(SHOWS, id, "show_created", json.replace('\'', '"'));
    }

    /** Somebody of their own wants the seat of this number, from 0. */
    ProducerRecord<byte[], byte[]> hold(int number) {
        UUID reservation = reservation(number);
        String json = "{\"command_id\":\"" + reservation + "\",\"show_id\":\"" + id + "\",\"user_id\":\"" + user(number)
                + "\",\"seats\":[\"A-" + (1 + number / SEATS_PER_ROW) + '-' + (1 + number % SEATS_PER_ROW)
                + "\"],\"hold_seconds\":0}";
        return record(COMMANDS, reservation, "hold_requested", json);
    }

    /** And buys it. */
    ProducerRecord<byte[], byte[]> confirm(int number) {
        UUID command = confirmation(number);
        String json = "{\"command_id\":\"" + command + "\",\"show_id\":\"" + id + "\",\"user_id\":\"" + user(number)
                + "\",\"reservation_id\":\"" + reservation(number) + "\"}";
        return record(COMMANDS, command, "confirm_requested", json);
    }

    /** The id of the reservation of a seat, and of the command that asks for it. */
    UUID reservation(int number) {
        return new UUID(id.getMostSignificantBits() & ~0xffffL | VERSION_7, VARIANT_2 | number);
    }

    UUID confirmation(int number) {
        return reservation(number | CONFIRMATION);
    }

    private UUID user(int number) {
        return new UUID(
                0x0190_f3c2_0000_7000L ^ ((number * 0x9e37_79b9_7f4a_7c15L) & 0xffff_ffff_0000L), VARIANT_2 | number);
    }

    private ProducerRecord<byte[], byte[]> record(String topic, UUID event, String type, String json) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, bytes(id.toString()), bytes(json));
        record.headers()
                .add("ce_specversion", bytes("1.0"))
                .add("ce_id", bytes(event.toString()))
                .add("ce_type", bytes(type))
                .add("ce_source", bytes("/tailrace/bench"))
                .add("ce_time", bytes("2026-01-01T00:00:00Z"))
                .add("content-type", bytes("application/json"));
        return record;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
