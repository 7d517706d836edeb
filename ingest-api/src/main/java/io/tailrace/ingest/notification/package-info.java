/** What people want to be notified of, by which means, and when not. */
@NullMarked
package io.tailrace.ingest.notification;

import org.jspecify.annotations.NullMarked;
