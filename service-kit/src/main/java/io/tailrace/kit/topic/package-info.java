/**
 * The command that shows what is to be done to the topics, and does it. No rules of its own: those are the provisioner's.
 */
@NullMarked
package io.tailrace.kit.topic;

import org.jspecify.annotations.NullMarked;
