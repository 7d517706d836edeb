/**
 * Jobs over HTTP: enqueueing them, what is to become of them, and how they and their queues stand. What is decided about a job is the
 * dispatcher's and may not enter; what is read are copies.
 */
@NullMarked
package io.tailrace.ingest.job;

import org.jspecify.annotations.NullMarked;
