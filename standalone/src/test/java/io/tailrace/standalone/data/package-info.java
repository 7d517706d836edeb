/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.standalone.data;

import org.jspecify.annotations.NullMarked;
