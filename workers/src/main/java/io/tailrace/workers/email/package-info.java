/** Jobs of the type {@code email}: one message to one mailbox by SMTP. Nothing here knows where jobs come from. */
@NullMarked
package io.tailrace.workers.email;

import org.jspecify.annotations.NullMarked;
