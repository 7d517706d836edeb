package io.tailrace.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueryPlacesTest {
    private final List<Runnable> tasks = new ArrayList<>();
    private final QueryPlaces places = new QueryPlaces(2, tasks::add);

    @Test
    void oneMoreWaitsForItsTurn() {
        List<QueryPlaces.Place> all = enter(5);
        assertThat(granted(all)).containsExactly(true, true, false, false, false);

        all.get(1).leave();
        all.get(1).leave();
        assertThat(granted(all)).containsExactly(true, true, true, false, false);

        all.forEach(QueryPlaces.Place::leave);
        assertThat(granted(enter(3))).containsExactly(true, true, false);
    }

    @Test
    void whoGoesWhileWaitingIsForgottenAndKeepsNobody() {
        List<QueryPlaces.Place> held = enter(2);
        List<QueryPlaces.Place> gone = enter(5_000);
        QueryPlaces.Place last = places.enter();
        gone.forEach(QueryPlaces.Place::leave);

        held.getFirst().leave();

        assertThat(granted(List.of(last))).containsExactly(true);
        assertThat(granted(gone)).doesNotContain(true);
    }

    /** They learn of their place when they are gone, one behind the other. */
    @Test
    void manyThatLeaveAtOnceLeaveNoPlaceBehind() {
        List<QueryPlaces.Place> held = enter(2);
        List<QueryPlaces.Place> all = enter(20_000);
        all.forEach(place -> place.granted().thenRun(place::leave));

        held.forEach(QueryPlaces.Place::leave);

        assertThat(granted(all)).doesNotContain(false);
        assertThat(granted(enter(3))).containsExactly(true, true, false);
    }

    private List<QueryPlaces.Place> enter(int count) {
        List<QueryPlaces.Place> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(places.enter());
        }
        return all;
    }

    private List<Boolean> granted(List<QueryPlaces.Place> all) {
        while (!tasks.isEmpty()) {
            tasks.removeLast().run();
        }
        return all.stream().map(place -> place.granted().isDone()).toList();
    }
}
