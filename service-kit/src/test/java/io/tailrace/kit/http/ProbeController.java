package io.tailrace.kit.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Endpoints as services have them. */
@Controller("/probe")
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
class ProbeController {
    enum Color {
        RED,
        GREEN
    }

    @Introspected
    record Inner(@NotBlank String type, @Nullable Integer count) {}

    @Introspected
    record Everything(
            @NotBlank @Size(max = 20) String displayName,
            @Nullable @Email String email,
            @Nullable @Size(min = 8) String password,
            @Nullable UUID id,
            @Nullable @Positive Double value,
            @Nullable Long whole,
            @Nullable Boolean flag,
            @Nullable Instant createdAt,
            @Nullable Color color,
            @Nullable @Valid List<@Valid Inner> parts,
            @Nullable JsonNode data) {}

    /** Counted down by {@code /probe/slow} when it is under way. */
    final CountDownLatch arrived = new CountDownLatch(1);

    /** What {@code /probe/slow} waits for. */
    final CountDownLatch release = new CountDownLatch(1);

    @Post("/everything")
    Everything everything(@Body @Valid Everything everything) {
        return everything;
    }

    @Post("/many")
    List<Inner> many(@Body @Valid @Size(max = 3) List<@Valid Inner> inners) {
        return inners;
    }

    @Post("/tree")
    JsonNode tree(@Body JsonNode node) {
        return node;
    }

    @Get("/things/{id}")
    Map<String, Object> thing(UUID id) {
        return Map.of("id", id);
    }

    @Get("/page")
    Map<String, Object> page(@QueryValue @Positive int limit, @QueryValue @Nullable String before) {
        return Map.of("limit", limit);
    }

    @Get("/whoami")
    Map<String, Object> whoami(Caller caller) {
        return Map.of(
                "anonymous",
                caller.isAnonymous(),
                "thread_is_virtual",
                Thread.currentThread().isVirtual());
    }

    @Get("/needs-user")
    Map<String, Object> needsUser(Caller caller) {
        return Map.of("id", caller.userId());
    }

    @Get("/private")
    @Secured(SecurityRule.IS_AUTHENTICATED)
    Map<String, Object> secret(Caller caller) {
        return Map.of("subject", caller.subject());
    }

    @Get("/organizers")
    @Secured("organizer")
    Map<String, Object> organizers() {
        return Map.of();
    }

    @Get("/slow")
    Map<String, Object> slow() throws InterruptedException {
        arrived.countDown();
        return Map.of("released", release.await(30, TimeUnit.SECONDS));
    }

    @Get("/problem")
    void problem() {
        throw new ProblemException(ProblemType.EMAIL_TAKEN, "It is taken.").with("X-Hint", "login");
    }

    @Get("/crash")
    void crash() {
        throw new IllegalStateException("the secret plan");
    }

    @Get("/unavailable")
    void unavailable() {
        throw ProblemException.unavailable("The log is away.", java.time.Duration.ofMillis(1500), null);
    }

    @Post("/accepted")
    @Status(HttpStatus.ACCEPTED)
    void accepted(@Body @NotNull Map<String, Object> body) {}
}
