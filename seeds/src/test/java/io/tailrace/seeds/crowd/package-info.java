/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.seeds.crowd;

import org.jspecify.annotations.NullMarked;
