package io.tailrace.ingest.seat;

import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestDecider;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Shows and people for tests. */
final class TestShows {
    private TestShows() {}

    /** A show with the seats A-1-1 to A-9-9, 4 for each person, held for 60 s or at most 120 s. */
    static UUID offer() {
        return offer(Instant.parse("2099-01-01T00:00:00Z"));
    }

    /** The same, beginning then. */
    static UUID offer(Instant startsAt) {
        Show show = new Show(
                UUID.randomUUID(),
                "o",
                "Hamlet",
                startsAt,
                List.of(new Section("A", 9, 9, BigDecimal.TEN)),
                60,
                120,
                4);
        TestDecider.shared().offer(show);
        return show.id();
    }

    /** Somebody new. */
    static Http somebody() {
        return TestIngest.shared().with(TestKeys.shared().person(UUID.randomUUID()));
    }

    /** A request for seats. */
    static String body(String... seats) {
        return "{\"seats\": [\"" + String.join("\", \"", seats) + "\"]}";
    }
}
