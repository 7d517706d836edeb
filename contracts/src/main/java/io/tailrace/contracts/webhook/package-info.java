/** What webhook endpoints are told about events: the words in which they say which ones they want, and the form of their secrets. */
@NullMarked
package io.tailrace.contracts.webhook;

import org.jspecify.annotations.NullMarked;
