package io.tailrace.ingest.show;

import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import java.util.ArrayList;
import java.util.List;

/** The seats of a show in their order: section by section, row by row. Pure. */
public final class Layout {
    private Layout() {}

    /** The names of all seats; at most {@link Show#MAX_SEATS}. */
    public static List<String> seats(Show show) {
        List<String> names = new ArrayList<>();
        for (Section section : show.sections()) {
            for (int row = 1; row <= section.rows(); row++) {
                for (int number = 1; number <= section.seatsPerRow(); number++) {
                    names.add(new SeatId(section.name(), row, number).toString());
                }
            }
        }
        return names;
    }
}
