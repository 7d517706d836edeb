/**
 * The rules of the package of the same name, on the topology that production builds.
 */
@NullMarked
package io.tailrace.dispatcher.feed;

import org.jspecify.annotations.NullMarked;
