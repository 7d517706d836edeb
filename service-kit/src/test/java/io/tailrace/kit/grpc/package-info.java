@NullMarked
package io.tailrace.kit.grpc;

import org.jspecify.annotations.NullMarked;
