package io.tailrace.kit.limit;

import static java.lang.annotation.ElementType.METHOD;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a route whose method is one of writes but which changes nothing, such as a search by POST: no write is counted. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(METHOD)
public @interface ReadsOnly {}
