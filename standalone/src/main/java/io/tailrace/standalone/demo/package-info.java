/**
 * Something to look at on the first start, made through the public write API as any client would. Nothing here knows a
 * class of a service.
 */
@NullMarked
package io.tailrace.standalone.demo;

import org.jspecify.annotations.NullMarked;
