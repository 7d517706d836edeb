package io.tailrace.kit.security;

import org.jspecify.annotations.Nullable;

/** Says what a text is that may be an API key. Thread-safe; does not block. */
@FunctionalInterface
public interface ApiKeyJudge {
    /** What it is; null if it is not meant as a key. */
    @Nullable
    Verification judge(String text);
}
