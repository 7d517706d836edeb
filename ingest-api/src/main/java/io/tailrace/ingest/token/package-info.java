/**
 * Signing in: access tokens, refresh tokens and the public keys. Verifying tokens is the service kit's business.
 */
@NullMarked
package io.tailrace.ingest.token;

import org.jspecify.annotations.NullMarked;
