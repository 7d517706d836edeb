/**
 * Real backends and a real server for the tests of this module, shared by all tests of a JVM. No assertion about the
 * service may hide in here.
 */
@NullMarked
package io.tailrace.ingest.testing;

import org.jspecify.annotations.NullMarked;
