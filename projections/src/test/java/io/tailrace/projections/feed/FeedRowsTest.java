package io.tailrace.projections.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.PostPublished;
import io.tailrace.projections.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class FeedRowsTest {
    private static final UUID READER = new UUID(1, 1);
    private static final String OFFSETS = "select log_offset from feed_entries order by log_offset";

    private final TestPostgres.Database database = TestPostgres.shared().database();
    private final FeedRows rows = new FeedRows();

    @Test
    void each_entry_has_its_place_in_the_channel_and_keeps_it_when_the_post_comes_again() throws SQLException {
        FeedChange slowClock = put(READER, new UUID(1, 1), 12);

        write(List.of(put(READER, new UUID(9, 9), 11), slowClock));
        write(List.of(put(READER, new UUID(1, 1), 13)));

        assertThat(database.rows(OFFSETS)).containsExactly("11", "12");
    }

    @Test
    void a_post_of_many_followers_is_written_in_batches_each_row_once() throws SQLException {
        for (int batch = 0; batch < 10; batch++) {
            long from = batch * 1000L;
            write(LongStream.range(from, from + 1000)
                    .mapToObj(i -> put(new UUID(7, i), new UUID(5, 5), i))
                    .toList());
        }

        assertThat(database.number("select count(*) from feed_entries where post_id = '" + new UUID(5, 5) + "'"))
                .isEqualTo(10_000);
    }

    private void write(List<FeedChange> changes) throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            rows.write(connection, changes);
        }
    }

    /** The time of the post is no concern of the table: it is of the clock of a node. */
    private static FeedChange put(UUID reader, UUID post, long logOffset) {
        return new FeedChange.Put(reader, new PostPublished(post, new UUID(4, 4), "x", Instant.EPOCH), logOffset);
    }
}
