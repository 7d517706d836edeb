@NullMarked
package io.tailrace.dispatcher.series;

import org.jspecify.annotations.NullMarked;
