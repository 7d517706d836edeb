/**
 * The real servers: how each is unpacked, set up, started and asked whether it works. What they are for may not enter.
 */
@NullMarked
package io.tailrace.standalone.backend;

import org.jspecify.annotations.NullMarked;
