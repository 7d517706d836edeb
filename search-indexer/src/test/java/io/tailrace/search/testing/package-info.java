/**
 * What the tests of the search stand on: a real broker, a real Elasticsearch, and waiting for what can be observed.
 */
@NullMarked
package io.tailrace.search.testing;

import org.jspecify.annotations.NullMarked;
