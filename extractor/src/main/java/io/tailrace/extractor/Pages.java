package io.tailrace.extractor;

import java.io.IOException;

/** Takes the pages of a file, one after the other. */
interface Pages {
    /**
     * Takes a page.
     *
     * @param number from 1
     * @param of how many there will be; 0 if nobody knows
     */
    void page(int number, int of, String text) throws IOException;
}
