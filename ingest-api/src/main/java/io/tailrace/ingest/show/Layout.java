package io.tailrace.ingest.show;

import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The seats of a show in their order: section by section, row by row. Pure. */
public final class Layout {
    private Layout() {}

    /** The names of all seats; at most {@link Show#MAX_SEATS}. */
    public static List<String> seats(Show show) {
        List<String> names = new ArrayList<>();
        forEach(show, names::add);
        return names;
    }

    /** Tells the names of all seats one after the other, for whoever does not keep them. */
    public static void forEach(Show show, Consumer<String> each) {
        for (Section section : show.sections()) {
            for (int row = 1; row <= section.rows(); row++) {
                for (int number = 1; number <= section.seatsPerRow(); number++) {
                    each.accept(new SeatId(section.name(), row, number).toString());
                }
            }
        }
    }
}
