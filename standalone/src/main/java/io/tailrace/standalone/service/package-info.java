/**
 * What is ours among the parts: the services in this process, the dispatcher beside it, schema and topics, and which part
 * needs which. No rule of a service may enter.
 */
@NullMarked
package io.tailrace.standalone.service;

import org.jspecify.annotations.NullMarked;
