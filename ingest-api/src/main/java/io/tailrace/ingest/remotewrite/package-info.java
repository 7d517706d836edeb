/**
 * Prometheus remote-write 1.0: samples of a Prometheus server or of an agent become readings. <a
 * href="https://prometheus.io/docs/specs/prw/remote_write_spec/">The specification</a>.
 */
@NullMarked
package io.tailrace.ingest.remotewrite;

import org.jspecify.annotations.NullMarked;
