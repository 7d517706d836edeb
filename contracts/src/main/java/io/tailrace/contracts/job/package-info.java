/**
 * Jobs and their queues as the services talk about them: commands that ask, events that answer, and the queues that are
 * declared. Names and shapes only; who decides, and how, is in the dispatcher.
 */
@NullMarked
package io.tailrace.contracts.job;

import org.jspecify.annotations.NullMarked;
