package io.tailrace.kit.cache;

import java.util.Optional;

/** Where copies are that processes share. None of its methods fails: a copy that cannot be had is none. */
interface Copies {
    /** Nowhere. */
    Copies NONE = new Copies() {
        @Override
        public Optional<String> get(String name) {
            return Optional.empty();
        }

        @Override
        public void put(String name, String text) {
            // There is nobody to share it with.
        }

        @Override
        public void delete(String name) {
            // There is none.
        }
    };

    /** The copy of that name. */
    Optional<String> get(String name);

    /** Keeps a copy for a while. */
    void put(String name, String text);

    /** Deletes a copy, if it can. */
    void delete(String name);
}
