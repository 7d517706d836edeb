package io.tailrace.systemtests.fuzz.request;

/** One way to make a request wrong. */
@FunctionalInterface
interface Mutation {
    void apply(Draft draft, Dice dice);
}
