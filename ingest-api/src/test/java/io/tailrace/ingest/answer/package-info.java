@NullMarked
package io.tailrace.ingest.answer;

import org.jspecify.annotations.NullMarked;
