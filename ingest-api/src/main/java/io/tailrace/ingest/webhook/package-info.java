/** Webhook endpoints, and the log of what was delivered to them. Workers deliver; this service keeps who wants what. */
@NullMarked
package io.tailrace.ingest.webhook;

import org.jspecify.annotations.NullMarked;
