@NullMarked
package io.tailrace.contracts.series;

import org.jspecify.annotations.NullMarked;
