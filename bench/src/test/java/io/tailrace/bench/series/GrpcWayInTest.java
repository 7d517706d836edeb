package io.tailrace.bench.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tailrace.bench.series.WayIn.Sample;
import io.tailrace.grpc.series.v1.PublishRequest;
import io.tailrace.grpc.series.v1.PublishResponse;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GrpcWayInTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<Sample> BATCH = List.of(new Sample("metric", 1, 1_000), new Sample("metric", 2, 2_000));

    /** A server that acknowledges the first request of each call and then ends the call. */
    private static Server server(Consumer<StreamObserver<PublishResponse>> end) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new SeriesServiceGrpc.SeriesServiceImplBase() {
                    @Override
                    public StreamObserver<PublishRequest> publish(StreamObserver<PublishResponse> answers) {
                        return new FirstRequest(answers, end);
                    }
                })
                .build()
                .start();
    }

    private record FirstRequest(StreamObserver<PublishResponse> answers, Consumer<StreamObserver<PublishResponse>> end)
            implements StreamObserver<PublishRequest> {
        @Override
        public void onNext(PublishRequest request) {
            // What was sent before the client learned of the end is not read.
            if (request.getReadings(0).getSequence() == 1) {
                answers.onNext(PublishResponse.newBuilder().setAcknowledged(2).build());
                end.accept(answers);
            }
        }

        @Override
        public void onError(Throwable fault) {}

        @Override
        public void onCompleted() {}
    }

    private static GrpcWayIn wayIn(Server server) {
        return new GrpcWayIn(new SeriesClient("http://127.0.0.1", ""), "127.0.0.1:" + server.getPort(), "token", 1);
    }

    @Test
    void a_batch_on_a_call_that_has_failed_fails() throws Exception {
        Server server = server(answers -> answers.onError(Status.UNAVAILABLE.asRuntimeException()));
        try (GrpcWayIn way = wayIn(server)) {
            assertThat(way.send(0, BATCH)).succeedsWithin(LIMIT);

            // Under way when the call fails, or sent behind that: nobody can say which.
            assertThat(way.send(0, BATCH)).failsWithin(LIMIT);

            assertThat(way.send(0, BATCH))
                    .as("a batch that was sent when nothing was under way on the call that has failed")
                    .failsWithin(LIMIT)
                    .withThrowableThat()
                    .withMessageContaining("UNAVAILABLE");
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void a_batch_on_a_call_that_the_server_has_ended_fails() throws Exception {
        Server server = server(StreamObserver::onCompleted);
        try (GrpcWayIn way = wayIn(server)) {
            assertThat(way.send(0, BATCH)).succeedsWithin(LIMIT);
            assertThat(way.send(0, BATCH)).failsWithin(LIMIT);

            assertThat(way.send(0, BATCH))
                    .failsWithin(LIMIT)
                    .withThrowableThat()
                    .withMessageContaining("the server has ended the call");
        } finally {
            server.shutdownNow();
        }
    }
}
