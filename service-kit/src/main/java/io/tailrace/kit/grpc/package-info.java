/**
 * The gRPC server of a process: who calls, what refusals look like, health, reflection, metrics and traces. Services contribute
 * methods as {@link io.tailrace.kit.grpc.GrpcMethods}.
 */
@NullMarked
package io.tailrace.kit.grpc;

import org.jspecify.annotations.NullMarked;
