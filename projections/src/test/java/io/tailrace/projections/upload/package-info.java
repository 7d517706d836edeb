@NullMarked
package io.tailrace.projections.upload;

import org.jspecify.annotations.NullMarked;
