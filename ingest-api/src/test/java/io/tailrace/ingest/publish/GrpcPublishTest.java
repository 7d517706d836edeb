package io.tailrace.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.tailrace.contracts.event.Event;
import io.tailrace.grpc.channels.v1.ChannelServiceGrpc;
import io.tailrace.grpc.channels.v1.NewEvent;
import io.tailrace.grpc.channels.v1.PublishRequest;
import io.tailrace.grpc.channels.v1.PublishResponse;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.kit.grpc.GrpcServer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Publishing over gRPC, which is publishing over HTTP in another form. */
@Tag("server")
class GrpcPublishTest {
    private static final ManagedChannel CONNECTION = Grpc.newChannelBuilderForAddress(
                    "127.0.0.1", TestIngest.shared().bean(GrpcServer.class).port(), InsecureChannelCredentials.create())
            .build();
    private final String token = TestKeys.shared().publisher("chat:*");
    private final String room = "chat:" + UUID.randomUUID();

    @AfterAll
    static void stop() {
        CONNECTION.shutdownNow();
    }

    @Test
    void events_are_in_the_log_in_their_order_when_they_are_answered() {
        PublishResponse answer =
                publish(token, request("", event("said", "{\"n\": 1.50}", ""), event("left", "null", "own-id")));

        List<Event> logged =
                PublishTest.records(room).stream().map(PublishTest::event).toList();
        assertThat(logged).extracting(Event::type).containsExactly("said", "left");
        assertThat(new String(logged.getFirst().data(), StandardCharsets.UTF_8)).isEqualTo("{\"n\":1.50}");
        assertThat(answer.getEvents(0).getId()).isEqualTo(logged.getFirst().id());
        assertThat(answer.getEvents(1).getId()).isEqualTo("own-id");
        assertThat(answer.getEvents(1).getCursor()).isNotEmpty();
        assertThat(answer.getReplayed()).isFalse();
    }

    @Test
    void a_key_is_one_key_over_both_protocols() {
        String key = UUID.randomUUID().toString();
        PublishRequest request = request(key, event("said", "1", ""));

        PublishResponse first = publish(token, request);
        PublishResponse again = publish(token, request);
        Http.Answer http = TestIngest.shared()
                .with(token)
                .header("Idempotency-Key", key)
                .post("/channels/" + room + "/events", "[{\"type\": \"said\", \"data\": 1}]");
        StatusRuntimeException other = refused(token, request(key, event("said", "2", "")));

        assertThat(again.getReplayed()).isTrue();
        assertThat(again.getEventsList()).isEqualTo(first.getEventsList());
        assertThat(http.body().at("/events/0/id").asText())
                .isEqualTo(first.getEvents(0).getId());
        assertThat(other.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(PublishTest.records(room)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "said | `` | events[0].data",
                "said | ` ` | events[0].data",
                "said | { | events[0].data",
                "said | NaN | events[0].data",
                "said | {\"a\": 1, \"a\": 2} | events[0].data",
                "`` | 1 | events[0].type",
                "two words | 1 | events[0].type",
                "stream.open | 1 | events[0].type",
            })
    void what_is_not_an_event_is_refused_by_its_place(String type, String data, String field) {
        StatusRuntimeException refused = refused(token, request("", event(type, data, "")));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(details(refused)).containsExactly("VALIDATION", field);
        assertThat(PublishTest.records(room)).isEmpty();
    }

    @Test
    void a_request_without_events_or_with_a_malformed_key_is_refused() {
        assertThat(details(refused(token, request("")))).containsExactly("VALIDATION", "events");
        assertThat(details(refused(token, request("a b", event("said", "1", "")))))
                .containsExactly("VALIDATION", "idempotency_key");
    }

    @Test
    void who_may_not_publish_is_told_why() {
        PublishRequest request = request("", event("said", "1", ""));
        String late = TestKeys.shared()
                .sign(TestKeys.shared()
                        .claims("late")
                        .expirationTime(Date.from(Instant.now().minusSeconds(60))));

        StatusRuntimeException nobody = refused(null, request);
        StatusRuntimeException expired = refused(late, request);
        StatusRuntimeException other = refused(TestKeys.shared().publisher("news:*"), request);
        StatusRuntimeException nowhere =
                refused(token, request.toBuilder().setChannel("nowhere:a").build());

        assertThat(nobody.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(expired.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(expired.getStatus().getDescription()).contains("expired");
        assertThat(other.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(nowhere.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(details(nowhere)).containsExactly("UNDECLARED_NAMESPACE");
        assertThat(PublishTest.records(room)).isEmpty();
    }

    private PublishRequest request(String key, NewEvent... events) {
        return PublishRequest.newBuilder()
                .setChannel(room)
                .setIdempotencyKey(key)
                .addAllEvents(List.of(events))
                .build();
    }

    private static NewEvent event(String type, String data, String id) {
        return NewEvent.newBuilder().setType(type).setData(data).setId(id).build();
    }

    private PublishResponse publish(@Nullable String bearer, PublishRequest request) {
        Metadata headers = new Metadata();
        if (bearer != null) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + bearer);
        }
        return ChannelServiceGrpc.newBlockingStub(CONNECTION)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .publish(request);
    }

    private StatusRuntimeException refused(@Nullable String bearer, PublishRequest request) {
        return Objects.requireNonNull(
                catchThrowableOfType(StatusRuntimeException.class, () -> publish(bearer, request)));
    }

    /** The reason of {@code ErrorInfo}, and the fields of {@code BadRequest} behind it. */
    private static List<String> details(StatusRuntimeException fault) {
        List<String> all = new ArrayList<>();
        Objects.requireNonNull(StatusProto.fromThrowable(fault))
                .getDetailsList()
                .forEach(detail -> {
                    try {
                        if (detail.is(ErrorInfo.class)) {
                            all.add(detail.unpack(ErrorInfo.class).getReason());
                        } else if (detail.is(BadRequest.class)) {
                            detail.unpack(BadRequest.class)
                                    .getFieldViolationsList()
                                    .forEach(violation -> all.add(violation.getField()));
                        }
                    } catch (InvalidProtocolBufferException e) {
                        throw new AssertionError(e);
                    }
                });
        return all;
    }
}
