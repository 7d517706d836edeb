/** What tests of the kit share. */
@NullMarked
package io.tailrace.kit.testing;

import org.jspecify.annotations.NullMarked;
