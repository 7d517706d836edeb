/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.standalone.token;

import org.jspecify.annotations.NullMarked;
