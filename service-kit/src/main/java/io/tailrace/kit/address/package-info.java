/**
 * Ranges of network addresses, as settings name them. What a range is for is its owner's: whom to trust in {@code kit.limit},
 * whom not to connect to in {@code kit.outbound}.
 */
@NullMarked
package io.tailrace.kit.address;

import org.jspecify.annotations.NullMarked;
