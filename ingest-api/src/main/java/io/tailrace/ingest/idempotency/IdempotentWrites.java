package io.tailrace.ingest.idempotency;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.limit.ClientAddress;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a write request once, however often it is sent with the same {@code Idempotency-Key} (draft
 * ietf-httpapi-idempotency-key-header). Thread-safe; blocks.
 *
 * <p>What a caller may rely on, per key and for {@link IdempotencySettings#retention()}:
 *
 * <ul>
 *   <li>The first 2xx is kept and given again, with {@code Idempotency-Replayed: true}, whatever died in between.
 *   <li>All attempts make the same events: ids and times are drawn once and stored before anything happens.
 *   <li>An attempt whose outcome is not known (the process died, or the log did not answer) is resumed by the next one,
 *       which looks into the log first and appends only what is not there. One case remains in which an event can be in
 *       the log twice, with the same id: a broker or a service that is frozen, not dead, and goes on with the first
 *       attempt only after the retry has looked.
 *   <li>A refusal (4xx) has no effect and is not kept: the next attempt is judged anew.
 *   <li>A key is its caller's own: the token's subject, or without a token the client's address, tells whose it is.
 *   <li>The same key with another method, path or body is refused with 422, and with 409 while the first runs.
 * </ul>
 *
 * <p>A request without a key does not touch PostgreSQL here.
 */
@Singleton
public final class IdempotentWrites {
    private static final String REPLAYED_HEADER = "Idempotency-Replayed";

    private final IdempotencyKeys keys;
    private final Stamps stamps;
    private final ClientAddress addresses;

    IdempotentWrites(IdempotencyKeys keys, Stamps stamps, ClientAddress addresses) {
        this.keys = keys;
        this.stamps = stamps;
        this.addresses = addresses;
    }

    /** The effect of a request. */
    @FunctionalInterface
    public interface Effect<T> extends Function<Write, WriteAnswer<T>> {}

    /**
     * Makes a request, or gives the answer that it has.
     *
     * @param body what the body means, for comparison; null if there is none
     * @param type of the answer's body
     * @param effect makes the request; throws a {@link ProblemException} of 4xx only if it had no effect
     */
    public <T> HttpResponse<T> make(
            HttpRequest<?> request, Caller caller, @Nullable Object body, Class<T> type, Effect<T> effect) {
        return make(request, owner(caller, addresses.of(request)), body, type, effect);
    }

    /**
     * Whose a caller's keys are.
     *
     * @param address of the client
     */
    public static String owner(Caller caller, String address) {
        String subject = caller.grants().subject();
        return subject == null ? "address:" + address : "subject:" + subject;
    }

    /** Whether an answer is that of an earlier request. */
    public static boolean isReplayed(HttpResponse<?> answer) {
        return answer.getHeaders().contains(REPLAYED_HEADER);
    }

    /**
     * The same for somebody who is known by other means than a token.
     *
     * @param owner whose key it is, beginning with a word and a colon that nobody else uses; kept for as long as the answer
     */
    public <T> HttpResponse<T> make(
            HttpRequest<?> request, String owner, @Nullable Object body, Class<T> type, Effect<T> effect) {
        return make(WriteRequest.of(request), owner, body, type, effect);
    }

    /** The same for a request that may have come by another protocol; the answer is that of HTTP. */
    public <T> HttpResponse<T> make(
            WriteRequest request, String owner, @Nullable Object body, Class<T> type, Effect<T> effect) {
        IdempotencyKey key = IdempotencyKey.of(request, owner, body);
        if (key == null) {
            return response(effect.apply(new Write(stamps.next(), null, answer -> {})));
        }
        return switch (keys.reserve(key, stamps.next())) {
            case KeyClaim.First(Stamp stamp) ->
                attempt(key, new Write(stamp, null, a -> keys.complete(key, a)), effect);
            case KeyClaim.Again again ->
                attempt(key, new Write(again.stamp(), again.earlier(), a -> keys.complete(key, a)), effect);
            case KeyClaim.Answered(int status, String stored) -> replay(status, stored, type);
            case KeyClaim.Running() ->
                throw new ProblemException(
                                ProblemType.CONFLICT, "A request with this idempotency key is being processed")
                        .with("Retry-After", "1");
            case KeyClaim.OtherRequest() ->
                throw new ProblemException(Problem.of(
                        ProblemType.IDEMPOTENCY_KEY_REUSED,
                        "The key \"" + key.key() + "\" was used with another method, path or body"));
        };
    }

    private <T> HttpResponse<T> attempt(IdempotencyKey key, Write write, Effect<T> effect) {
        WriteAnswer<T> answer;
        try {
            answer = effect.apply(write);
        } catch (ProblemException e) {
            if (e.problem().status() < HttpStatus.INTERNAL_SERVER_ERROR.getCode()) {
                keys.forget(key);
            } else {
                keys.release(key);
            }
            throw e;
        } catch (RuntimeException e) {
            keys.release(key);
            throw e;
        }
        if (!write.isCompleted()) {
            keys.completeSoon(key, answer);
        }
        return response(answer);
    }

    private static <T> HttpResponse<T> response(WriteAnswer<T> answer) {
        MutableHttpResponse<T> response = HttpResponse.status(answer.status());
        T body = answer.body();
        return body == null ? response : response.body(body);
    }

    private static <T> HttpResponse<T> replay(int status, @Nullable String stored, Class<T> type) {
        MutableHttpResponse<T> response = HttpResponse.status(HttpStatus.valueOf(status));
        response.header(REPLAYED_HEADER, "true");
        try {
            return stored == null ? response : response.body(Json.read(stored.getBytes(StandardCharsets.UTF_8), type));
        } catch (IOException e) {
            throw new UncheckedIOException("a stored answer is not a " + type.getSimpleName(), e);
        }
    }
}
