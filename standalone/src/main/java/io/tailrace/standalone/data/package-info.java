/**
 * The one folder in which everything lives that survives: where each file is, how it is written, and who holds it. No
 * process is started here.
 */
@NullMarked
package io.tailrace.standalone.data;

import org.jspecify.annotations.NullMarked;
