/**
 * Looking into a running process: JDK Flight Recorder on request. Nothing that a service needs to do its work.
 */
@NullMarked
package io.tailrace.kit.profile;

import org.jspecify.annotations.NullMarked;
