/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.ingest.job;

import org.jspecify.annotations.NullMarked;
