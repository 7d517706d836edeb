package io.tailrace.ingest.seat;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.seat.SeatEvents.ReservationChanged;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.ingest.decision.CommandOutcome;
import io.tailrace.ingest.decision.Preference;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.show.Shows;
import io.tailrace.kit.problem.Problem;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;

/** Outcomes of commands as answers. Thread-safe; never blocks. */
@Singleton
class SeatAnswers {
    private final Shows shows;

    SeatAnswers(Shows shows) {
        this.shows = shows;
    }

    /**
     * The answer to a command.
     *
     * @throws io.tailrace.kit.problem.ProblemException 503 if it is not known to be in the log
     */
    HttpResponse<?> answer(SeatCommand command, CommandOutcome<DecisionMade> outcome, Preference preference) {
        MutableHttpResponse<?> response =
                switch (outcome) {
                    case CommandOutcome.Decided<DecisionMade>(DecisionMade decision) -> decided(command, decision);
                    case CommandOutcome.Undecided<DecisionMade> _ -> undecided(command);
                    case CommandOutcome.Unacknowledged<DecisionMade> _ -> throw EventLog.unavailable();
                };
        return preference.applied() == null ? response : response.header("Preference-Applied", preference.applied());
    }

    private MutableHttpResponse<?> decided(SeatCommand command, DecisionMade decision) {
        ReservationChanged reservation = decision.reservation();
        MutableHttpResponse<?> response =
                reservation == null ? refused(command, decision) : accepted(command, reservation);
        return decision.repeated() ? response.header("Idempotency-Replayed", "true") : response;
    }

    private static MutableHttpResponse<?> accepted(SeatCommand command, ReservationChanged reservation) {
        ReservationView view = ReservationView.of(reservation);
        return switch (command) {
            case SeatCommand.Hold _ -> HttpResponse.created(view).header("Location", location(reservation.id()));
            case SeatCommand.Confirm _, SeatCommand.Release _ -> HttpResponse.ok(view);
        };
    }

    private MutableHttpResponse<?> refused(SeatCommand command, DecisionMade decision) {
        SeatProblem problem = Refusals.problem(command, decision, shows.remembered(command.showId()));
        return HttpResponse.status(HttpStatus.valueOf(problem.status()))
                .header("Content-Type", Problem.MEDIA_TYPE)
                .body(problem);
    }

    private static MutableHttpResponse<?> undecided(SeatCommand command) {
        UUID id = reservationId(command);
        List<String> seats = command instanceof SeatCommand.Hold hold
                ? hold.seats().stream().map(SeatId::toString).toList()
                : List.of();
        return HttpResponse.accepted()
                .header("Location", location(id))
                .header("Retry-After", "1")
                .body(ReservationView.pending(id, command.showId(), seats, command.userId()));
    }

    private static UUID reservationId(SeatCommand command) {
        return switch (command) {
            case SeatCommand.Hold hold -> hold.commandId();
            case SeatCommand.Confirm confirm -> confirm.reservationId();
            case SeatCommand.Release release -> release.reservationId();
        };
    }

    private static String location(UUID reservationId) {
        return "/reservations/" + reservationId;
    }
}
