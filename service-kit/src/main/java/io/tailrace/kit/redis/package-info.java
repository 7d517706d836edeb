/**
 * The way to Redis, which holds what may be lost: whoever comes here has an answer for when it is away. No keys, and
 * what a script does is its owner's.
 */
@NullMarked
package io.tailrace.kit.redis;

import org.jspecify.annotations.NullMarked;
