/**
 * Publishing directly to a channel: reading the request, access, and the position that the answer names.
 */
@NullMarked
package io.tailrace.ingest.publish;

import org.jspecify.annotations.NullMarked;
