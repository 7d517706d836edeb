/** Tests of the job topology and of its decisions. */
@NullMarked
package io.tailrace.dispatcher.job;

import org.jspecify.annotations.NullMarked;
