/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.ingest.show;

import org.jspecify.annotations.NullMarked;
