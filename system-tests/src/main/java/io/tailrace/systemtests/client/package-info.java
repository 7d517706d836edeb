/** Clients of the HTTP contract: publishers that know what was acknowledged, subscribers that keep what arrived. */
@NullMarked
package io.tailrace.systemtests.client;

import org.jspecify.annotations.NullMarked;
