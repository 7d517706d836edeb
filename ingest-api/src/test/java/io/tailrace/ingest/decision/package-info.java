/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.ingest.decision;

import org.jspecify.annotations.NullMarked;
