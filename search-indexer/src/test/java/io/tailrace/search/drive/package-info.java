/** Tests of indexing, on a real broker and a real Elasticsearch. */
@NullMarked
package io.tailrace.search.drive;

import org.jspecify.annotations.NullMarked;
