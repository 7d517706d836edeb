/**
 * The key that signs tokens, and tokens made at the command line. Verification may not enter: it is the services' own.
 */
@NullMarked
package io.tailrace.standalone.token;

import org.jspecify.annotations.NullMarked;
