/** Tests of searching, over HTTP and on a real Elasticsearch. */
@NullMarked
package io.tailrace.search.query;

import org.jspecify.annotations.NullMarked;
