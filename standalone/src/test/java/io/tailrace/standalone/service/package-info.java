/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.standalone.service;

import org.jspecify.annotations.NullMarked;
