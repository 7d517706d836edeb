/** What must hold whatever is sent: of an answer, of the process, of its logs, and of somebody who behaves meanwhile. */
@NullMarked
package io.tailrace.systemtests.fuzz.check;

import org.jspecify.annotations.NullMarked;
