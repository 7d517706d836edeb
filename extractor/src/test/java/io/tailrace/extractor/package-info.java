/** Tests of what is read in files, and of the program that reads them. */
@NullMarked
package io.tailrace.extractor;

import org.jspecify.annotations.NullMarked;
