/** A post to very many followers, beside ordinary ones. */
@NullMarked
package io.tailrace.bench.feed;

import org.jspecify.annotations.NullMarked;
