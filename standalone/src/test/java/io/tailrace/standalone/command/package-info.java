/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.standalone.command;

import org.jspecify.annotations.NullMarked;
