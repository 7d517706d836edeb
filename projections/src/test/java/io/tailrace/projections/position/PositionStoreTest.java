package io.tailrace.projections.position;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.kit.consume.Source;
import io.tailrace.projections.testing.Counting;
import io.tailrace.projections.testing.TestPostgres;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class PositionStoreTest {
    private static final int TIMEOUT_MS = 10_000;
    private static final Source SOURCE = new Source("topic", "generation-1", 2);
    private static final String COUNTS = "select id, n from counts order by id";

    private final TestPostgres.Database database = TestPostgres.shared().database();
    private final PositionStore<String> store =
            new PositionStore<>(database.dataSource(), Counting.copy("topic"), TIMEOUT_MS);

    @BeforeEach
    void createTable() {
        Counting.createTable(database);
    }

    @Test
    void beginsEveryPartitionAtZero() throws SQLException {
        // when
        Positions positions = store.positions(SOURCE);

        // then
        assertThat(positions).isEqualTo(new Positions(Map.of(0, Position.START, 1, Position.START), false));
    }

    @Test
    void keepsTheLeaderEpochOfWhatWasAppliedLast() throws SQLException {
        // given
        store.positions(SOURCE);

        // when
        store.apply(SOURCE, List.of(new Move(0, 0, 3, 5), new Move(1, 0, 3, 0)), List.of("a"));
        Positions known = store.positions(SOURCE);
        store.apply(SOURCE, List.of(new Move(0, 3, 4)), List.of("b"));

        // then
        assertThat(known.at()).isEqualTo(Map.of(0, new Position(3, 5), 1, new Position(3, 0)));
        assertThat(store.positions(SOURCE).at()).containsEntry(0, new Position(4, Position.UNKNOWN_EPOCH));
    }

    @Test
    void movesRowsAndPositionTogether() throws SQLException {
        // given
        store.positions(SOURCE);

        // when
        Application application =
                store.apply(SOURCE, List.of(new Move(1, 0, 3), new Move(0, 0, 1)), List.of("a", "b", "a"));

        // then
        assertThat(application).isEqualTo(new Application.Applied());
        assertThat(store.positions(SOURCE).next()).isEqualTo(Map.of(0, 1L, 1, 3L));
        assertThat(database.rows(COUNTS)).containsExactly("a|2", "b|1");
    }

    @Test
    void writesNothingForAnInstanceWhosePositionIsNoLongerTrue() throws SQLException {
        // given a zombie that read the positions before its rival moved on
        store.positions(SOURCE);
        store.apply(SOURCE, List.of(new Move(0, 0, 1)), List.of("a"));

        // when
        Application application = store.apply(SOURCE, List.of(new Move(0, 0, 1), new Move(1, 0, 1)), List.of("a", "z"));

        // then
        assertThat(application).isEqualTo(new Application.Fenced());
        assertThat(database.rows(COUNTS)).containsExactly("a|1");
        assertThat(store.positions(SOURCE).next()).isEqualTo(Map.of(0, 1L, 1, 0L));
    }

    @Test
    void movesThePositionOverWhatChangesNothing() throws SQLException {
        // given
        store.positions(SOURCE);

        // when
        store.apply(SOURCE, List.of(new Move(0, 0, 7)), List.of());

        // then
        assertThat(store.positions(SOURCE).next()).containsEntry(0, 7L);
    }

    @Test
    void beginsAgainWithEmptyTablesWhenTheTopicWasCreatedAnew() throws SQLException {
        // given
        store.positions(SOURCE);
        store.apply(SOURCE, List.of(new Move(0, 0, 1)), List.of("a"));
        Source anew = new Source("topic", "generation-2", 2);

        // when
        Positions positions = store.positions(anew);

        // then
        assertThat(positions).isEqualTo(new Positions(Map.of(0, Position.START, 1, Position.START), true));
        assertThat(database.rows(COUNTS)).isEmpty();
        assertThat(store.apply(SOURCE, List.of(new Move(0, 0, 1)), List.of("a")))
                .as("an instance that still reads the old topic")
                .isEqualTo(new Application.Fenced());
    }

    @Test
    void beginsAgainWithEmptyTablesWhenThePositionsWereDeleted() throws SQLException {
        // given
        store.positions(SOURCE);
        store.apply(SOURCE, List.of(new Move(0, 0, 1)), List.of("a"));
        database.execute("delete from projection_positions");

        // when
        Positions positions = store.positions(SOURCE);

        // then
        assertThat(positions.next()).isEqualTo(Map.of(0, 0L, 1, 0L));
        assertThat(database.rows(COUNTS)).isEmpty();
    }

    @Test
    void keepsRowsAndPositionsWhenTheTopicGetsMorePartitions() throws SQLException {
        // given
        store.positions(SOURCE);
        store.apply(SOURCE, List.of(new Move(0, 0, 1)), List.of("a"));

        // when
        Positions positions = store.positions(new Source("topic", "generation-1", 3));

        // then
        assertThat(positions)
                .isEqualTo(new Positions(
                        Map.of(0, new Position(1, Position.UNKNOWN_EPOCH), 1, Position.START, 2, Position.START),
                        false));
        assertThat(database.rows(COUNTS)).containsExactly("a|1");
    }

    @Test
    void namesTheChangesThatCannotBeStoredAndWritesNothing() throws SQLException {
        // given
        store.positions(SOURCE);

        // when
        Application application = store.apply(SOURCE, List.of(new Move(0, 0, 4)), List.of("a", "refused", "b", "c\0d"));

        // then
        assertThat(application).isInstanceOfSatisfying(Application.Refused.class, refused -> {
            assertThat(refused.reasons()).containsOnlyKeys(1, 3);
            assertThat(refused.reasons().get(1)).contains("check constraint", "23514");
            assertThat(refused.reasons().get(3)).contains("22021");
        });
        assertThat(database.rows(COUNTS)).isEmpty();
        assertThat(store.positions(SOURCE).next()).containsEntry(0, 0L);
    }
}
