/**
 * What a person sees while things start and stop. It shows what it is given and asks for nothing.
 */
@NullMarked
package io.tailrace.standalone.progress;

import org.jspecify.annotations.NullMarked;
