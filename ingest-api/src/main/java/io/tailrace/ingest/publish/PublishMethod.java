package io.tailrace.ingest.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServiceDescriptor;
import io.micronaut.http.HttpResponse;
import io.tailrace.grpc.channels.v1.ChannelServiceGrpc;
import io.tailrace.grpc.channels.v1.NewEvent;
import io.tailrace.grpc.channels.v1.PublishResponse;
import io.tailrace.grpc.channels.v1.PublishedEvent;
import io.tailrace.ingest.idempotency.IdempotentWrites;
import io.tailrace.ingest.idempotency.KeyHeader;
import io.tailrace.kit.grpc.GrpcMethods;
import io.tailrace.kit.grpc.UnaryCalls;
import io.tailrace.kit.json.JsonFaults;
import io.tailrace.kit.problem.Problem.FieldError;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.security.Caller;
import jakarta.inject.Singleton;
import java.util.List;

/** {@code ChannelService.Publish}: what {@code POST /channels/{channel}/events} does, with an array as its body. Thread-safe. */
@Singleton
final class PublishMethod implements GrpcMethods {
    private final Publishing publishing;
    private final UnaryCalls calls;
    private final ObjectMapper mapper;

    /**
     * The method.
     *
     * @param mapper reads JSON that others have written, as strictly as over HTTP
     */
    PublishMethod(Publishing publishing, UnaryCalls calls, ObjectMapper mapper) {
        this.publishing = publishing;
        this.calls = calls;
        this.mapper = mapper;
    }

    @Override
    public ServiceDescriptor service() {
        return ChannelServiceGrpc.getServiceDescriptor();
    }

    @Override
    public List<ServerMethodDefinition<?, ?>> methods() {
        return List.of(calls.write(ChannelServiceGrpc.getPublishMethod(), this::publish));
    }

    private PublishResponse publish(
            io.tailrace.grpc.channels.v1.PublishRequest request, Caller caller, String address) {
        String key = KeyHeader.of("idempotency_key", request.getIdempotencyKey());
        try {
            return response(publishing.publish(key, caller, address, request.getChannel(), body(request)));
        } catch (ProblemException e) {
            throw ofThisRequest(e);
        }
    }

    private JsonNode body(io.tailrace.grpc.channels.v1.PublishRequest request) {
        ArrayNode events = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < request.getEventsCount(); i++) {
            NewEvent event = request.getEvents(i);
            ObjectNode node = events.addObject();
            if (!event.getType().isEmpty()) {
                node.put("type", event.getType());
            }
            if (!event.getId().isEmpty()) {
                node.put("id", event.getId());
            }
            if (!event.getData().isEmpty()) {
                node.set("data", json(event.getData(), "[" + i + "].data"));
            }
        }
        return events;
    }

    private JsonNode json(String text, String field) {
        try {
            JsonNode value = mapper.readTree(text);
            if (value.isMissingNode()) {
                throw ProblemException.invalid(field, "is blank, expected any JSON value");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw ProblemException.invalid(field, "is not JSON: " + detail(e));
        }
    }

    private static String detail(JsonProcessingException e) {
        return switch (JsonFaults.of(e)) {
            case JsonFaults.Fault.Malformed malformed -> malformed.detail();
            case JsonFaults.Fault.Mismatch mismatch -> mismatch.message();
            case null -> String.valueOf(e.getOriginalMessage());
        };
    }

    private static PublishResponse response(HttpResponse<Published> answer) {
        PublishResponse.Builder response =
                PublishResponse.newBuilder().setReplayed(IdempotentWrites.isReplayed(answer));
        answer.body()
                .events()
                .forEach(placed -> response.addEvents(
                        PublishedEvent.newBuilder().setId(placed.id()).setCursor(placed.position())));
        return response.build();
    }

    /** The body of HTTP is the field {@code events} here. */
    private static ProblemException ofThisRequest(ProblemException e) {
        List<FieldError> errors = e.problem().errors();
        return errors == null ? e : e.withErrors(renamed(errors));
    }

    private static List<FieldError> renamed(List<FieldError> errors) {
        return errors.stream()
                .map(error -> error.field().startsWith("[")
                        ? new FieldError("events" + error.field(), error.message())
                        : error)
                .toList();
    }
}
