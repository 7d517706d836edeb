/**
 * The checks that requests share, and how they say what is wrong. Pure; no request, no answer.
 */
@NullMarked
package io.tailrace.ingest.input;

import org.jspecify.annotations.NullMarked;
