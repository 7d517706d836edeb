/** Streams over gRPC: the edge's third framing, beside Server-Sent Events and WebSocket. */
@NullMarked
package io.tailrace.edge.grpc;

import org.jspecify.annotations.NullMarked;
