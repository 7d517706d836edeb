package io.tailrace.bench.seats;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.bench.seats.books.Books;
import io.tailrace.bench.seats.books.ShowRows;
import io.tailrace.bench.seats.books.ShowStream;
import io.tailrace.bench.seats.http.HttpAnswer;
import io.tailrace.bench.seats.http.HttpPool;
import io.tailrace.bench.seats.http.Tokens;
import io.tailrace.bench.stand.Stand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the cases need of a stand: people, shows, and the books of a show. */
final class Hall {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long TIMEOUT_S = 60;

    private final Stand stand;
    private final Tokens tokens;
    private final String organizer;
    private final List<String> buyers = new ArrayList<>();

    Hall(Stand stand, int buyerCount) throws IOException {
        this.stand = stand;
        this.tokens = new Tokens(Path.of(stand.environment("TAILRACE_SIGNING_KEY_FILE")));
        this.organizer = tokens.issue("bench-organizer", "organizer");
        for (int i = 0; i < buyerCount; i++) {
            buyers.add(tokens.issue(new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0000L | i).toString()));
        }
    }

    List<String> buyers() {
        return buyers;
    }

    /** Opens a show. */
    UUID show(Arm arm, HttpPool pool, int rows, int seatsPerRow) throws Exception {
        HttpAnswer answer = ask(pool, arm.requests().show(organizer, rows, seatsPerRow, 100));
        if (answer.status() != 201) {
            throw new IllegalStateException(arm.name() + " opened no show: " + answer.shown());
        }
        return UUID.fromString(JSON.readTree(answer.body()).path("id").asText());
    }

    /** The books of a show of Tailrace. */
    Books books(Arm arm, HttpPool pool, UUID show, ShowStream stream) throws IOException {
        ShowRows rows = new ShowRows(
                stand.environment("TAILRACE_POSTGRES_URL"),
                stand.environment("TAILRACE_POSTGRES_USER"),
                stand.environment("TAILRACE_POSTGRES_PASSWORD"));
        return new Books(
                stand.environment("TAILRACE_KAFKA_BOOTSTRAP"),
                show,
                rows,
                stream,
                () -> ask(pool, arm.requests().seats(show)));
    }

    private static HttpAnswer ask(HttpPool pool, byte[] request)
            throws ExecutionException, InterruptedException, TimeoutException {
        CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
        pool.send(request, answer::complete);
        return answer.get(TIMEOUT_S, TimeUnit.SECONDS);
    }
}
