package io.tailrace.ingest.seat;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tailrace.contracts.seat.CommandIds;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.ingest.decision.Preference;
import io.tailrace.ingest.idempotency.KeyHeader;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.input.Ids;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.security.Caller;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Reserving seats. A command is answered by its decision if that is there within {@code Prefer: wait=N}, else by 202. The
 * thread that takes a request does not wait for it.
 */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class ReservationController {
    private static final String STALE_HEADER = "Tailrace-Stale";

    private final SeatCommands commands;
    private final SeatAnswers answers;
    private final Reservations reservations;
    private final Stamps stamps;
    private final SeatSettings settings;

    ReservationController(
            SeatCommands commands,
            SeatAnswers answers,
            Reservations reservations,
            Stamps stamps,
            SeatSettings settings) {
        this.commands = commands;
        this.answers = answers;
        this.reservations = reservations;
        this.stamps = stamps;
        this.settings = settings;
    }

    /** Holds seats, all or none. */
    @Post("/shows/{id}/reservations")
    @ApiResponse(
            responseCode = "201",
            description = "The seats are held",
            content = @Content(schema = @Schema(implementation = ReservationView.class)))
    @ApiResponse(
            responseCode = "202",
            description = "Not decided in time; Location says where the outcome will be",
            content = @Content(schema = @Schema(implementation = ReservationView.class)))
    @ApiResponse(
            responseCode = "409",
            description = "Nothing is held: seats that are not free, too many seats, a show that has begun",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = SeatProblem.class)))
    CompletionStage<HttpResponse<?>> hold(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @PathVariable String id,
            @Body NewReservation body) {
        String user = caller.subject();
        UUID show = Ids.parse("id", id);
        String key = KeyHeader.of(request);
        UUID commandId = key == null ? stamps.id() : CommandIds.hold(user, show, key);
        SeatCommand command = body.command(commandId, show, user, settings.maxSeats());
        reservations.remember(commandId, show, user);
        return answer(request, command);
    }

    /** Turns a hold into a purchase. */
    @Post("/reservations/{id}/confirm")
    @ApiResponse(
            responseCode = "200",
            description = "The seats are the caller's for good",
            content = @Content(schema = @Schema(implementation = ReservationView.class)))
    @ApiResponse(
            responseCode = "202",
            description = "Not decided in time; Location says where the outcome will be",
            content = @Content(schema = @Schema(implementation = ReservationView.class)))
    @ApiResponse(
            responseCode = "409",
            description = "An illegal step: the hold ran out, or it was confirmed or released before",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = SeatProblem.class)))
    CompletionStage<HttpResponse<?>> confirm(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable String id) {
        String user = caller.subject();
        UUID reservation = Ids.parse("id", id);
        String key = KeyHeader.of(request);
        UUID commandId = key == null ? stamps.id() : CommandIds.confirm(user, reservation, key);
        return answer(
                request, new SeatCommand.Confirm(commandId, reservations.show(reservation, user), user, reservation));
    }

    /** Gives a hold back. */
    @Delete("/reservations/{id}")
    @ApiResponse(
            responseCode = "200",
            description = "The seats are free again",
            content = @Content(schema = @Schema(implementation = ReservationView.class)))
    @ApiResponse(
            responseCode = "202",
            description = "Not decided in time; Location says where the outcome will be",
            content = @Content(schema = @Schema(implementation = ReservationView.class)))
    @ApiResponse(
            responseCode = "409",
            description = "An illegal step: the hold ran out, or it was confirmed or released before",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = SeatProblem.class)))
    CompletionStage<HttpResponse<?>> release(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable String id) {
        String user = caller.subject();
        UUID reservation = Ids.parse("id", id);
        String key = KeyHeader.of(request);
        UUID commandId = key == null ? stamps.id() : CommandIds.release(user, reservation, key);
        return answer(
                request, new SeatCommand.Release(commandId, reservations.show(reservation, user), user, reservation));
    }

    /** One's own reservation. */
    @Get("/reservations/{id}")
    HttpResponse<ReservationView> get(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
        Reservations.Found found = reservations.get(Ids.parse("id", id), caller.subject());
        MutableHttpResponse<ReservationView> response =
                HttpResponse.ok(found.row().view()).header(HttpHeaders.CACHE_CONTROL, "private, no-store");
        return found.fresh() ? response : response.header(STALE_HEADER, "true");
    }

    private CompletionStage<HttpResponse<?>> answer(HttpRequest<?> request, SeatCommand command) {
        Preference preference =
                Preference.of(request.getHeaders().getAll("Prefer"), settings.defaultWait(), settings.maxWait());
        return commands.ask(command, preference.patience())
                .thenApply(outcome -> answers.answer(command, outcome, preference));
    }
}
