/** What is sent: requests that are right, and the ways in which they are made wrong. Pure: bytes by a number, no sockets. */
@NullMarked
package io.tailrace.systemtests.fuzz.request;

import org.jspecify.annotations.NullMarked;
