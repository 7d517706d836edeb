package io.tailrace.kit.grpc;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServiceDescriptor;
import java.util.List;

/**
 * Methods of one gRPC service that a part of this process answers. Several parts may answer different methods of the same
 * service; a method that no part answers is UNIMPLEMENTED. Beans of this type are what the server serves.
 */
public interface GrpcMethods {
    /** The whole service, as it is declared. */
    ServiceDescriptor service();

    /** The methods that are answered here. Their descriptors may have other marshallers than those of {@link #service}. */
    List<ServerMethodDefinition<?, ?>> methods();
}
