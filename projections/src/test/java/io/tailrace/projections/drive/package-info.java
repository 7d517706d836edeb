/** Tests of the package of the same name, on a real broker and a real PostgreSQL. */
@NullMarked
package io.tailrace.projections.drive;

import org.jspecify.annotations.NullMarked;
