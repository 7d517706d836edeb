/** Tests of remote-write. */
@NullMarked
package io.tailrace.ingest.remotewrite;

import org.jspecify.annotations.NullMarked;
