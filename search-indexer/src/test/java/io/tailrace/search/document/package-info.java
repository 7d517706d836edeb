/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.search.document;

import org.jspecify.annotations.NullMarked;
