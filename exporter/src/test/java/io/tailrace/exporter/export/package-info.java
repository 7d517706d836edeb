/** What a file and a row are. */
@NullMarked
package io.tailrace.exporter.export;

import org.jspecify.annotations.NullMarked;
