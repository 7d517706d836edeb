/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.standalone.progress;

import org.jspecify.annotations.NullMarked;
