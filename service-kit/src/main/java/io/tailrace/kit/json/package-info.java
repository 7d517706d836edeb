/**
 * How JSON is read and written: one configuration of Jackson for the log, and a strict one for what strangers send.
 * No endpoint, no payload type.
 */
@NullMarked
package io.tailrace.kit.json;

import org.jspecify.annotations.NullMarked;
