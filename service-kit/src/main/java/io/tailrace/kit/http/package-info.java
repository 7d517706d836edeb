/**
 * What the HTTP server does with every request, whatever it is for: limits, headers, one line in the log. No endpoint.
 */
@NullMarked
package io.tailrace.kit.http;

import org.jspecify.annotations.NullMarked;
