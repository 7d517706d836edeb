package io.tailrace.ingest.seat;

import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatDecision.Reason;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Show;
import io.tailrace.kit.problem.Problem.FieldError;
import io.tailrace.kit.problem.ProblemType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Refusals as answers: what was asked for, and what was expected. Pure. */
final class Refusals {
    private Refusals() {}

    /**
     * The answer to a refused command.
     *
     * @param show the show, if it is at hand: then the answer names its limits
     */
    static SeatProblem problem(SeatCommand command, DecisionMade decision, Optional<Show> show) {
        return switch (reason(decision)) {
            case UNKNOWN_SHOW ->
                plain(
                        ProblemType.NOT_FOUND,
                        "There is no show with the id " + command.showId()
                                + ", or it began so long ago that its seats are forgotten");
            case SHOW_STARTED ->
                plain(
                        ProblemType.SHOW_STARTED,
                        "Seats of a show can be held and confirmed until it begins"
                                + show.map(it -> ", which was at " + it.startsAt())
                                        .orElse(""));
            case UNKNOWN_SEATS ->
                seats(ProblemType.UNKNOWN_SEATS, command, decision, ", expected a seat of the show" + sections(show));
            case NOT_FREE -> seats(ProblemType.SEATS_NOT_FREE, command, decision, " is not free");
            case TOO_MANY_SEATS ->
                field(
                        ProblemType.TOO_MANY_SEATS,
                        "seats",
                        wanted(command) + " seats more, expected no more than " + limit(show.map(Show::maxSeatsPerUser))
                                + " for one person in all");
            case HOLD_TOO_LONG ->
                field(
                        ProblemType.HOLD_TOO_LONG,
                        "hold_seconds",
                        holdSeconds(command) + ", expected at most " + limit(show.map(Show::maxHoldSeconds)));
            case UNKNOWN_RESERVATION -> plain(ProblemType.NOT_FOUND, "There is no reservation with this id");
            case EXPIRED -> plain(ProblemType.RESERVATION_EXPIRED, "The hold ran out before this was asked for");
            case ALREADY_CONFIRMED -> plain(ProblemType.ALREADY_CONFIRMED, "What is confirmed stays confirmed");
            case ALREADY_RELEASED -> plain(ProblemType.ALREADY_RELEASED, "What was given back is gone");
            case KEY_REUSED ->
                plain(
                        ProblemType.IDEMPOTENCY_KEY_REUSED,
                        "The idempotency key was used with another body; expected a new key or the same body");
        };
    }

    private static Reason reason(DecisionMade decision) {
        return Reason.valueOf(String.valueOf(decision.reason()).toUpperCase(Locale.ROOT));
    }

    private static SeatProblem plain(ProblemType type, String detail) {
        return SeatProblem.of(type, detail, List.of(), null);
    }

    private static SeatProblem field(ProblemType type, String field, String message) {
        return SeatProblem.of(type, field + ": " + message, List.of(new FieldError(field, message)), null);
    }

    private static SeatProblem seats(ProblemType type, SeatCommand command, DecisionMade decision, String message) {
        List<FieldError> errors = decision.seats().stream()
                .map(seat -> new FieldError("seats[" + place(command, seat) + "]", "\"" + seat + "\"" + message))
                .toList();
        String detail = "Nothing is held because of " + String.join(", ", decision.seats());
        return SeatProblem.of(type, detail, errors, decision.seats());
    }

    private static int place(SeatCommand command, String seat) {
        return command instanceof SeatCommand.Hold hold
                ? SeatId.parse(seat).map(hold.seats()::indexOf).orElse(-1)
                : -1;
    }

    private static int wanted(SeatCommand command) {
        return command instanceof SeatCommand.Hold hold ? hold.seats().size() : 0;
    }

    private static int holdSeconds(SeatCommand command) {
        return command instanceof SeatCommand.Hold hold ? hold.holdSeconds() : 0;
    }

    private static String limit(Optional<Integer> number) {
        return number.map(String::valueOf).orElse("the show allows");
    }

    private static String sections(Optional<Show> show) {
        return show.map(it -> it.sections().stream()
                        .limit(10)
                        .map(section ->
                                section.name() + " with " + section.rows() + " rows of " + section.seatsPerRow())
                        .collect(Collectors.joining(", ", ": ", "")))
                .orElse("");
    }
}
