package io.tailrace.seeds;

/** What is done for a crowd, in this order: nobody is followed before they exist, nothing is written before it is followed. */
enum Step {
    PEOPLE,
    FOLLOWS,
    POSTS,
    SHOWS
}
