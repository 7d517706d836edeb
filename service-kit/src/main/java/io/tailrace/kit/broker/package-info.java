/**
 * What the platform adds to micronaut-kafka: where its settings come from, clients that wait for a name that does not resolve
 * yet, numbers of clients that are made anew, and health that degrades. No consumer loop, no business.
 */
@NullMarked
package io.tailrace.kit.broker;

import org.jspecify.annotations.NullMarked;
