/**
 * Requests to other people's servers: a total deadline, retries of what may be repeated, a circuit breaker for each host, bounded
 * bodies, and a guard against private addresses where a person has named the address. OkHttp and resilience4j are its
 * language; no framework may enter, and no one service's headers, signatures or payloads.
 */
@NullMarked
package io.tailrace.kit.outbound;

import org.jspecify.annotations.NullMarked;
