/** Tests of bridges, against a source of the tests that is a real gRPC server. */
@NullMarked
package io.tailrace.workers.bridge;

import org.jspecify.annotations.NullMarked;
