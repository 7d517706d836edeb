@NullMarked
package io.tailrace.ingest.notification;

import org.jspecify.annotations.NullMarked;
