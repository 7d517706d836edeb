package io.tailrace.kit.profile;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.server.types.files.SystemFile;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /admin/recordings} and {@code GET /admin/recordings/{id}}: a JDK flight recording of the process that answers.
 * Where several stand behind one address, ask the one that is meant by its own.
 */
@Controller("/admin/recordings")
@Secured("admin")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RecordingController {
    private final Recordings recordings;
    private final RecordingSettings settings;

    RecordingController(Recordings recordings, RecordingSettings settings) {
        this.recordings = recordings;
        this.settings = settings;
    }

    /**
     * What is asked for.
     *
     * @param seconds how long
     */
    @Introspected
    record Wanted(@Nullable Integer seconds) {}

    /**
     * A recording that has begun.
     *
     * @param id names it
     * @param seconds how long it takes
     */
    @Introspected
    record Begun(String id, int seconds) {}

    @Post
    HttpResponse<Begun> start(@Body Wanted wanted) {
        long most = settings.maxDuration().toSeconds();
        Integer seconds = wanted.seconds();
        if (seconds == null || seconds < 1 || seconds > most) {
            throw ProblemException.invalid("seconds", seconds + ", expected 1 to " + most);
        }
        String id = recordings
                .start(Duration.ofSeconds(seconds))
                .orElseThrow(() -> new ProblemException(ProblemType.CONFLICT, "A recording is running already"));
        return HttpResponse.<Begun>accepted()
                .header("Location", "/admin/recordings/" + id)
                .body(new Begun(id, seconds));
    }

    @Get("/{id}")
    HttpResponse<SystemFile> recording(String id) {
        return switch (recordings.find(id).orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, null))) {
            case Recordings.Found.Running(Duration left) ->
                throw new ProblemException(ProblemType.CONFLICT, "It is running still")
                        .with("Retry-After", Long.toString(Math.max(1, left.toSeconds() + 1)));
            case Recordings.Found.Ended(var file) ->
                HttpResponse.ok(new SystemFile(file.toFile()).attach("tailrace.jfr"))
                        .header("Cache-Control", "no-store");
        };
    }
}
