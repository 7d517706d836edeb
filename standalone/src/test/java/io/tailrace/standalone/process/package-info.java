/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.standalone.process;

import org.jspecify.annotations.NullMarked;
