package io.tailrace.exporter.bigquery;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteGrpc;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteSettings;
import com.google.cloud.bigquery.storage.v1.CreateWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.FinalizeWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.FinalizeWriteStreamResponse;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for BigQuery's Storage Write API, which no emulator has. It checks more strictly than is known of the real one: offsets, schemas, types of streams, and
 * that a connection stays with one stream. What it cannot show is how Google's servers word an answer. Thread-safe.
 */
final class BigQueryStandIn extends BigQueryWriteGrpc.BigQueryWriteImplBase implements AutoCloseable {
    private static final int MOST_BYTES = 10 << 20;
    private static final long LATE_MS = 100;

    private final Map<String, TableSchema> tables = new LinkedHashMap<>();
    private final Map<String, StandInStream> streams = new LinkedHashMap<>();
    private final Queue<Fault> faults = new ArrayDeque<>();
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    private final Server server;
    private Supplier<Fault> always = () -> Fault.NONE;
    private @Nullable Status createRefused;
    private @Nullable Status appendRefused;
    private @Nullable String poison;

    /** What goes wrong with an append. */
    enum Fault {
        NONE,
        /** The connection breaks, and the rows are not there. */
        DROP_REQUEST,
        /** The rows are there, and the connection breaks. */
        DROP_ANSWER,
        /** The rows are there, and the answer takes its time. */
        LATE,
        /** The rows are there, and there is no answer. */
        SILENCE,
        /** The rows are acknowledged and not there. */
        FORGET
    }

    BigQueryStandIn() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .maxInboundMessageSize(2 * MOST_BYTES)
                .addService(this)
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    /** The real clients, of a server on this machine, without encryption and credentials. */
    static BigQueryClients clients(int port, Duration timeout) {
        return new BigQueryClients(
                new BigQuerySettings("", timeout, Duration.ofSeconds(20)),
                NoCredentialsProvider.create(),
                transport(port));
    }

    static InstantiatingGrpcChannelProvider transport(int port) {
        return BigQueryWriteSettings.defaultGrpcTransportProviderBuilder()
                .setEndpoint("127.0.0.1:" + port)
                .setChannelConfigurator(ManagedChannelBuilder::usePlaintext)
                .build();
    }

    synchronized void table(TableId table, TableSchema schema) {
        tables.put(table.path(), schema);
    }

    synchronized void faults(Fault... next) {
        faults.addAll(List.of(next));
    }

    /** Nothing of what was said goes wrong any more. */
    synchronized void noFaults() {
        faults.clear();
    }

    /** What happens to an append for which nothing else is said. */
    synchronized void faultsOf(Supplier<Fault> each) {
        always = each;
    }

    synchronized void refuseStreams(@Nullable Status status) {
        createRefused = status;
    }

    synchronized void refuseConnections(@Nullable Status status) {
        appendRefused = status;
    }

    /** Has rows with a value refused. */
    synchronized void refuseValue(@Nullable String value) {
        poison = value;
    }

    synchronized void loseStreams() {
        streams.clear();
    }

    synchronized List<StandInStream> streams() {
        return List.copyOf(streams.values());
    }

    /** All rows of all streams of the table. */
    Stream<Map<String, Object>> rows() {
        return streams().stream().flatMap(StandInStream::rows);
    }

    @Override
    public synchronized void createWriteStream(CreateWriteStreamRequest request, StreamObserver<WriteStream> answer) {
        TableSchema schema = tables.get(request.getParent());
        if (createRefused != null) {
            answer.onError(createRefused.asRuntimeException());
        } else if (schema == null) {
            answer.onError(Status.NOT_FOUND
                    .withDescription("Not found: Table " + request.getParent())
                    .asRuntimeException());
        } else if (request.getWriteStream().getType() != WriteStream.Type.COMMITTED) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("This stand-in has streams of the type COMMITTED")
                    .asRuntimeException());
        } else {
            String name = request.getParent() + "/streams/" + UUID.randomUUID();
            streams.put(name, new StandInStream(name, schema));
            answer.onNext(WriteStream.newBuilder()
                    .setName(name)
                    .setType(WriteStream.Type.COMMITTED)
                    .setTableSchema(schema)
                    .build());
            answer.onCompleted();
        }
    }

    @Override
    public synchronized void finalizeWriteStream(
            FinalizeWriteStreamRequest request, StreamObserver<FinalizeWriteStreamResponse> answer) {
        StandInStream stream = streams.get(request.getName());
        if (stream == null) {
            answer.onError(Status.NOT_FOUND.asRuntimeException());
        } else {
            answer.onNext(FinalizeWriteStreamResponse.newBuilder()
                    .setRowCount(stream.seal())
                    .build());
            answer.onCompleted();
        }
    }

    @Override
    public StreamObserver<AppendRowsRequest> appendRows(StreamObserver<AppendRowsResponse> answers) {
        return new Connection(answers);
    }

    /** A connection, which is of one stream. */
    private final class Connection implements StreamObserver<AppendRowsRequest> {
        private final StreamObserver<AppendRowsResponse> answers;
        private @Nullable String stream;
        private @Nullable Descriptor row;
        private boolean isEnded;

        Connection(StreamObserver<AppendRowsResponse> answers) {
            this.answers = answers;
        }

        @Override
        public void onNext(AppendRowsRequest request) {
            synchronized (BigQueryStandIn.this) {
                if (isEnded) {
                    return;
                }
                Status wrong = appendRefused == null ? open(request) : appendRefused;
                if (wrong.isOk()) {
                    take(request);
                } else {
                    end(wrong);
                }
            }
        }

        private Status open(AppendRowsRequest request) {
            if (request.getSerializedSize() > MOST_BYTES) {
                return Status.INVALID_ARGUMENT.withDescription("an append above 10 MiB");
            }
            if (stream != null) {
                return request.getWriteStream().isEmpty()
                                || request.getWriteStream().equals(stream)
                        ? Status.OK
                        : Status.INVALID_ARGUMENT.withDescription("another stream on one connection");
            }
            if (!streams.containsKey(request.getWriteStream())) {
                return Status.NOT_FOUND.withDescription("Requested entity was not found: " + request.getWriteStream());
            }
            if (!request.getProtoRows().hasWriterSchema()) {
                return Status.INVALID_ARGUMENT.withDescription("the first append has no schema");
            }
            try {
                row = FileDescriptor.buildFrom(
                                FileDescriptorProto.newBuilder()
                                        .setName("row.proto")
                                        .addMessageType(request.getProtoRows()
                                                .getWriterSchema()
                                                .getProtoDescriptor())
                                        .build(),
                                new FileDescriptor[0])
                        .getMessageTypes()
                        .getFirst();
            } catch (DescriptorValidationException e) {
                return Status.INVALID_ARGUMENT.withDescription("a schema that is none");
            }
            stream = request.getWriteStream();
            return Status.OK;
        }

        private void take(AppendRowsRequest request) {
            StandInStream target = streams.get(stream);
            Descriptor type = row;
            if (target == null || type == null) {
                end(Status.NOT_FOUND.withDescription("Requested entity was not found: " + stream));
                return;
            }
            Fault given = faults.poll();
            Fault fault = given == null ? always.get() : given;
            if (fault == Fault.DROP_REQUEST) {
                end(Status.UNAVAILABLE.withDescription("the stand-in breaks the connection"));
                return;
            }
            AppendRowsResponse answer = target.append(request, type, fault != Fault.FORGET, poison);
            switch (fault) {
                case NONE, FORGET -> answers.onNext(answer);
                case LATE -> {
                    var unused = later.schedule(() -> late(answer), LATE_MS, TimeUnit.MILLISECONDS);
                }
                case DROP_ANSWER -> end(Status.UNAVAILABLE.withDescription("the stand-in breaks the connection"));
                case SILENCE, DROP_REQUEST -> isEnded = true;
            }
        }

        private void late(AppendRowsResponse answer) {
            synchronized (BigQueryStandIn.this) {
                if (!isEnded) {
                    answers.onNext(answer);
                }
            }
        }

        private void end(Status status) {
            isEnded = true;
            answers.onError(status.asRuntimeException());
        }

        @Override
        public void onError(Throwable thrown) {
            synchronized (BigQueryStandIn.this) {
                isEnded = true;
            }
        }

        @Override
        public void onCompleted() {
            synchronized (BigQueryStandIn.this) {
                if (!isEnded) {
                    isEnded = true;
                    answers.onCompleted();
                }
            }
        }
    }

    @Override
    public void close() {
        later.shutdownNow();
        var unused = server.shutdownNow();
    }
}
