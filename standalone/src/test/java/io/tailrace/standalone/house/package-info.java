/**
 * The rules of the house as tests: who may depend on whom, what a source file looks like. Nothing here runs a service.
 */
@NullMarked
package io.tailrace.standalone.house;

import org.jspecify.annotations.NullMarked;
