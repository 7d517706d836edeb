/** Tests of the texts of files. */
@NullMarked
package io.tailrace.kit.extract;

import org.jspecify.annotations.NullMarked;
