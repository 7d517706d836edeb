/**
 * What is declared once for the whole platform, as beans: the namespaces and the access rules over them. Settings of a
 * single service do not belong here.
 */
@NullMarked
package io.tailrace.kit.config;

import org.jspecify.annotations.NullMarked;
