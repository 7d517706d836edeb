/** What tests of exports share. */
@NullMarked
package io.tailrace.exporter.testing;

import org.jspecify.annotations.NullMarked;
