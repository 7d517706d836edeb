package io.tailrace.bench.seats.topology;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What many buyers want of some shows, as records for {@code tailrace.seat-commands}: of ten commands six hold two seats
 * that lie side by side, three confirm and one releases a hold that was asked for shortly before. Which seats is random,
 * with a seed, so that about as many are wanted as there are. Not thread-safe.
 */
final class Rush {
    static final String COMMANDS = "tailrace.seat-commands";
    static final String SHOWS = "tailrace.shows";

    private static final long SEED = 20_260_301;
    private static final int SEATS_PER_ROW = 100;
    private static final int MAX_ROWS = 1000;
    private static final int BUYERS = 5_000;
    private static final int LAG = 50;
    private static final long VERSION_7 = 0x7000;
    private static final long VARIANT_2 = 0x8000_0000_0000_0000L;

    private final Random random = new Random(SEED);
    private final List<UUID> shows = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private final long idHigh = System.currentTimeMillis() << 16 | VERSION_7;
    private final int rows;
    private final String time = Instant.now().toString();

    private record Held(UUID show, UUID reservation, int buyer) {}

    /**
     * A rush.
     *
     * @param showCount shows, all alike
     * @param commandCount commands that will be asked for, which says how large the shows are
     */
    Rush(int showCount, int commandCount) {
        int seats = Math.max(SEATS_PER_ROW, commandCount / showCount);
        rows = Math.min(MAX_ROWS, (seats + SEATS_PER_ROW - 1) / SEATS_PER_ROW);
        for (int i = 0; i < showCount; i++) {
            shows.add(new UUID(idHigh, VARIANT_2 | 1L << 48 | i));
        }
    }

    List<ProducerRecord<byte[], byte[]>> shows() {
        return shows.stream()
                .map(show -> record(
                        SHOWS,
                        show,
                        show,
                        "show_created",
                        ("{'id':'" + show
                                        + "','organizer_id':'bench','name':'Bench','starts_at':'2100-01-01T00:00:00Z',"
                                        + "'sections':[{'name':'A','rows':" + rows + ",'seats_per_row':" + SEATS_PER_ROW
                                        + ",'price':10}],'hold_seconds':600,'max_hold_seconds':600,"
                                        + "'max_seats_per_user':100}")
                                .replace('\'', '"')))
                .toList();
    }

    /** The command of this number, from 0 without gaps. Later ones may be about the reservations of earlier ones. */
    ProducerRecord<byte[], byte[]> command(int number) {
        UUID id = new UUID(idHigh, VARIANT_2 | number);
        int kind = number % 10;
        if (kind < 6 || held.size() <= LAG) {
            UUID show = shows.get(random.nextInt(shows.size()));
            int buyer = random.nextInt(BUYERS);
            int row = 1 + random.nextInt(rows);
            int seat = 1 + random.nextInt(SEATS_PER_ROW - 1);
            held.add(new Held(show, id, buyer));
            String json = "{\"command_id\":\"" + id + "\",\"show_id\":\"" + show + "\",\"user_id\":\"buyer-" + buyer
                    + "\",\"seats\":[\"A-" + row + '-' + seat + "\",\"A-" + row + '-' + (seat + 1)
                    + "\"],\"hold_seconds\":0}";
            return record(COMMANDS, show, id, "hold_requested", json);
        }
        Held earlier = held.get(held.size() - 1 - random.nextInt(LAG));
        String json = "{\"command_id\":\"" + id + "\",\"show_id\":\"" + earlier.show() + "\",\"user_id\":\"buyer-"
                + earlier.buyer() + "\",\"reservation_id\":\"" + earlier.reservation() + "\"}";
        return record(COMMANDS, earlier.show(), id, kind < 9 ? "confirm_requested" : "release_requested", json);
    }

    /** The number of a command by its id, or -1 if it is not of this rush. */
    int number(String commandId) {
        UUID id = UUID.fromString(commandId);
        long low = id.getLeastSignificantBits() ^ VARIANT_2;
        return id.getMostSignificantBits() == idHigh && low >>> 32 == 0 ? (int) low : -1;
    }

    private ProducerRecord<byte[], byte[]> record(String topic, UUID key, UUID id, String type, String json) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, bytes(key.toString()), bytes(json));
        record.headers()
                .add("ce_specversion", bytes("1.0"))
                .add("ce_id", bytes(id.toString()))
                .add("ce_type", bytes(type))
                .add("ce_source", bytes("/tailrace/bench"))
                .add("ce_time", bytes(time))
                .add("content-type", bytes("application/json"));
        return record;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
