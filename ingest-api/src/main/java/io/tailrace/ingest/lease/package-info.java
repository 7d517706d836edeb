/**
 * Jobs for workers over HTTP: gives released jobs to those who ask for them, under a lease, and takes what they say of their attempts.
 * What becomes of a job is the dispatcher's decision; here nothing is decided but who gets it.
 */
@NullMarked
package io.tailrace.ingest.lease;

import org.jspecify.annotations.NullMarked;
