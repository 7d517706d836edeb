/**
 * The OpenAPI description of this service, as the build made it from the controllers. Nothing is described here by hand.
 */
@NullMarked
package io.tailrace.ingest.description;

import org.jspecify.annotations.NullMarked;
