package io.tailrace.ingest.seat;

import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import io.tailrace.ingest.show.Layout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The end of a seat map's JSON, from behind its position on: what all readers of a version share. Immutable by agreement:
 * nobody writes to the chunks.
 *
 * @param version which state of the show it is
 * @param chunks the bytes, in pieces of about {@link #CHUNK}
 * @param length how many they are
 */
record SeatMapBytes(SeatMapVersion version, List<byte[]> chunks, long length) {
    /** As much as a socket takes at once. */
    private static final int CHUNK = 64 * 1024;

    /** Of a seat: <code>{"id":"","state":"confirmed"},</code> with two numbers of six digits and two hyphens. */
    private static final int MOST_BESIDE_NAME = 29 + 2 * 6 + 2;

    /** Makes them. By hand, because neither names nor states of seats need escapes. */
    static SeatMapBytes of(Show show, TakenSeats taken) {
        List<byte[]> chunks = new ArrayList<>();
        StringBuilder out = new StringBuilder(CHUNK + 2 * MOST_BESIDE_NAME).append("\",\"seats\":[");
        boolean[] first = {true};
        Layout.forEach(show, seat -> {
            out.append(first[0] ? "{\"id\":\"" : ",{\"id\":\"")
                    .append(seat)
                    .append("\",\"state\":\"")
                    .append(taken.states().getOrDefault(seat, "free"))
                    .append("\"}");
            first[0] = false;
            if (out.length() >= CHUNK) {
                chunks.add(bytes(out.toString()));
                out.setLength(0);
            }
        });
        chunks.add(bytes(out.append("]}").toString()));
        long length = chunks.stream().mapToLong(chunk -> chunk.length).sum();
        return new SeatMapBytes(taken.version(), Collections.unmodifiableList(chunks), length);
    }

    /** What comes before it. */
    static byte[] start(String position) {
        return bytes("{\"position\":\"" + position);
    }

    /** The most bytes that a map of a show can have; known before it is made. */
    static long most(Show show) {
        long most = 2L * MOST_BESIDE_NAME;
        for (Section section : show.sections()) {
            most += (long) section.rows()
                    * section.seatsPerRow()
                    * (section.name().length() + MOST_BESIDE_NAME);
        }
        return most;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
