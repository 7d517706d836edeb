package io.tailrace.kit.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the methods of all parts together, service by service. Pure. */
final class ServiceAssembly {
    private ServiceAssembly() {}

    /**
     * The services that a server is to have.
     *
     * @throws IllegalStateException if two parts answer the same method
     */
    static List<ServerServiceDefinition> assemble(Collection<GrpcMethods> parts) {
        Map<String, ServiceDescriptor> services = new LinkedHashMap<>();
        Map<String, ServerMethodDefinition<?, ?>> answered = new LinkedHashMap<>();
        for (GrpcMethods part : parts) {
            services.put(part.service().getName(), part.service());
            for (ServerMethodDefinition<?, ?> method : part.methods()) {
                String name = method.getMethodDescriptor().getFullMethodName();
                if (answered.put(name, method) != null) {
                    throw new IllegalStateException("gRPC method " + name + ": is answered twice");
                }
            }
        }
        return services.values().stream()
                .map(service -> definition(service, answered))
                .toList();
    }

    private static ServerServiceDefinition definition(
            ServiceDescriptor service, Map<String, ServerMethodDefinition<?, ?>> answered) {
        List<ServerMethodDefinition<?, ?>> methods = service.getMethods().stream()
                .<ServerMethodDefinition<?, ?>>map(declared -> {
                    ServerMethodDefinition<?, ?> method = answered.get(declared.getFullMethodName());
                    return method == null ? unimplemented(declared) : method;
                })
                .toList();
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(service.getName()).setSchemaDescriptor(service.getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(descriptor.build());
        for (ServerMethodDefinition<?, ?> method : methods) {
            definition.addMethod(method);
        }
        return definition.build();
    }

    private static <Q, A> ServerMethodDefinition<Q, A> unimplemented(MethodDescriptor<Q, A> method) {
        return ServerMethodDefinition.create(method, (call, headers) -> {
            call.close(
                    Status.UNIMPLEMENTED.withDescription(
                            method.getFullMethodName() + " is answered by another service of this installation"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        });
    }
}
