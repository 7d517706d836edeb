/**
 * Errors as RFC 9457 problem details: the value, the exception that carries it, and the translation of everything that
 * the HTTP server can throw. No business rule.
 */
@NullMarked
package io.tailrace.kit.problem;

import org.jspecify.annotations.NullMarked;
