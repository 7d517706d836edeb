package io.tailrace.bench.seats.books;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.bench.seats.http.HttpAnswer;
import io.tailrace.bench.seats.rush.Ledger;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Checks that everybody tells the same: the decisions in the log are sound; the channel, the stream and the seat map tell
 * them; PostgreSQL has them; and the buyers were told nothing else. Holds that nobody confirms must have ended.
 */
public final class Books {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PAUSE_MS = 200;
    private static final int SHOWN = 5;

    private final String bootstrap;
    private final UUID show;
    private final ShowRows rows;
    private final ShowStream stream;
    private final Callable<HttpAnswer> seatMap;
    private final List<String> faults = new ArrayList<>();

    /**
     * The books of a show.
     *
     * @param seatMap asks for the seat map over HTTP
     */
    public Books(String bootstrap, UUID show, ShowRows rows, ShowStream stream, Callable<HttpAnswer> seatMap) {
        this.bootstrap = bootstrap;
        this.show = show;
        this.rows = rows;
        this.stream = stream;
        this.seatMap = seatMap;
    }

    /**
     * What was found.
     *
     * @param faults empty if all is well
     * @param summary what the show came to
     */
    public record Finding(List<String> faults, String summary) {}

    /**
     * Waits until the last hold has ended and the copies have caught up, and compares.
     *
     * @param patienceMs how long that may take
     */
    public Finding check(Ledger ledger, long patienceMs) throws Exception {
        ShowLog log = new ShowLog(bootstrap, show);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
        ShowBook book = log.book();
        while (book.count("held") > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            book = log.book();
        }
        if (book.count("held") > 0) {
            faults.add(book.count("held") + " holds are stuck");
        }
        faults.addAll(book.faults());
        faults.addAll(ledger.faults());
        told(ledger, book);
        same("the channel", book.steps(), log.channel());
        awaitStream(book, deadline);
        awaitCopies(book, deadline);
        String summary = book.count("confirmed") + " confirmed, " + book.count("released") + " released, "
                + book.count("expired") + " expired, " + book.refused().size() + " refused";
        return new Finding(List.copyOf(faults), summary);
    }

    private void told(Ledger ledger, ShowBook book) {
        for (Map.Entry<UUID, Ledger.Claim> entry : ledger.claims().entrySet()) {
            Ledger.Claim claim = entry.getValue();
            Reservation reservation = book.reservations().get(entry.getKey());
            if (reservation == null) {
                faults.add("lost: the hold " + entry.getKey() + " of " + claim.seats() + ", which was answered");
                continue;
            }
            boolean sound =
                    switch (claim.state()) {
                        case "held", "over" -> reservation.state().equals("expired");
                        default -> reservation.state().equals(claim.state());
                    };
            if (!sound || !reservation.seats().equals(claim.seats())) {
                faults.add("a buyer was told " + claim + ", the log has " + reservation);
            }
        }
    }

    private void same(String who, List<SeatStep> expected, List<SeatStep> actual) {
        if (expected.equals(actual)) {
            return;
        }
        int at = 0;
        while (at < Math.min(expected.size(), actual.size()) && expected.get(at).equals(actual.get(at))) {
            at++;
        }
        faults.add(who + " has " + actual.size() + " changes, the decisions " + expected.size()
                + "; the first that differs"
                + " is number " + at + ": " + (at < actual.size() ? actual.get(at) : "nothing") + ", expected "
                + (at < expected.size() ? expected.get(at) : "nothing"));
    }

    private void awaitStream(ShowBook book, long deadline) throws IOException, InterruptedException {
        while (stream.steps().size() < book.steps().size() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
        faults.addAll(stream.faults());
        same("the stream", book.steps(), stream.steps());
    }

    private void awaitCopies(ShowBook book, long deadline) throws Exception {
        List<String> differences = differences(book);
        while (!differences.isEmpty() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            differences = differences(book);
        }
        faults.addAll(differences);
    }

    private List<String> differences(ShowBook book) throws Exception {
        List<String> differences = new ArrayList<>();
        Map<String, String> reservations = new HashMap<>();
        Map<String, String> confirmed = new HashMap<>();
        book.reservations().forEach((id, reservation) -> {
            reservations.put(id.toString(), reservation.state());
            if (reservation.state().equals("confirmed")) {
                reservation.seats().forEach(seat -> confirmed.put(seat, id.toString()));
            }
        });
        try {
            ShowRows.Rows copy = rows.read(show);
            Map<String, String> withoutRefused = new HashMap<>(copy.reservations());
            withoutRefused.values().removeIf(state -> state.equals("refused"));
            differ(differences, "reservations in PostgreSQL", reservations, withoutRefused);
            differ(differences, "confirmed seats in PostgreSQL", confirmed, copy.confirmed());
            differ(differences, "taken seats in PostgreSQL", book.taken(), copy.taken());
        } catch (SQLException e) {
            differences.add("PostgreSQL: " + e.getMessage());
        }
        HttpAnswer answer = seatMap.call();
        Map<String, String> taken = new HashMap<>();
        for (JsonNode seat : JSON.readTree(answer.body()).path("seats")) {
            if (!seat.path("state").asText().equals("free")) {
                taken.put(seat.path("id").asText(), seat.path("state").asText());
            }
        }
        differ(differences, "the seat map", book.taken(), taken);
        return differences;
    }

    private static void differ(
            List<String> differences, String what, Map<String, String> expected, Map<String, String> actual) {
        if (expected.equals(actual)) {
            return;
        }
        Map<String, String> shown = new TreeMap<>();
        expected.forEach((key, value) -> {
            String other = actual.getOrDefault(key, "nothing");
            if (!other.equals(value) && shown.size() < SHOWN) {
                shown.put(key, other + " instead of " + value);
            }
        });
        actual.forEach((key, value) -> {
            if (!expected.containsKey(key) && shown.size() < SHOWN) {
                shown.put(key, value + " instead of nothing");
            }
        });
        differences.add(what + " differ: " + shown);
    }
}
