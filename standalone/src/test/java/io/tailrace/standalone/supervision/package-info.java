/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.standalone.supervision;

import org.jspecify.annotations.NullMarked;
