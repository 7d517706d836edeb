/** Tests of the telemetry source. */
@NullMarked
package io.tailrace.standalone.telemetry;

import org.jspecify.annotations.NullMarked;
