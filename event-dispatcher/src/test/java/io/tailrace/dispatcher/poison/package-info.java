/**
 * The rules of the package of the same name, on the topology that production builds.
 */
@NullMarked
package io.tailrace.dispatcher.poison;

import org.jspecify.annotations.NullMarked;
