package io.tailrace.kit.limit;

import static java.lang.annotation.ElementType.METHOD;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a route that reads and whose answers are large: they are limited by the client's address, whoever it is. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(METHOD)
public @interface LimitedRead {}
