/**
 * Starts and stops Tailrace as its user would, by the launcher. Nothing here knows the project's classes: only commands,
 * ports and process ids.
 */
@NullMarked
package io.tailrace.systemtests.platform;

import org.jspecify.annotations.NullMarked;
