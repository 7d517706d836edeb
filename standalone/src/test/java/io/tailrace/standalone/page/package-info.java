/** The scripts of the pages. */
@NullMarked
package io.tailrace.standalone.page;

import org.jspecify.annotations.NullMarked;
