/**
 * Traces: from a request through the records that it appends to what is made of them, exported by OTLP where an endpoint is
 * set. OpenTelemetry's types are at home here. Without an endpoint nothing of it is loaded, and who makes spans has null in
 * place of a tracer.
 */
@NullMarked
package io.tailrace.kit.trace;

import org.jspecify.annotations.NullMarked;
