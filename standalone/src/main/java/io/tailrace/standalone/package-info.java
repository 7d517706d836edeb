/**
 * The composition of everything in one command. Services meet here and nowhere else; no rule of any service may enter.
 */
@NullMarked
package io.tailrace.standalone;

import org.jspecify.annotations.NullMarked;
