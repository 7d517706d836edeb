/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.standalone.backend;

import org.jspecify.annotations.NullMarked;
