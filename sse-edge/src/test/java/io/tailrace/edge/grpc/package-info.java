@NullMarked
package io.tailrace.edge.grpc;

import org.jspecify.annotations.NullMarked;
