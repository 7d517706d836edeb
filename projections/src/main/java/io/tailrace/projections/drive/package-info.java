/**
 * What turns projections: consumers, their threads, retries, dead letters, and the numbers that tell how it goes. What
 * a record means is decided in the packages of the projections.
 */
@NullMarked
package io.tailrace.projections.drive;

import org.jspecify.annotations.NullMarked;
