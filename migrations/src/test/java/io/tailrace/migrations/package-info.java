/** Tests against a real PostgreSQL. */
@NullMarked
package io.tailrace.migrations;

import org.jspecify.annotations.NullMarked;
