package io.tailrace.kit.security;

import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Reason;
import io.tailrace.kit.security.Verification.Valid;
import org.jspecify.annotations.Nullable;

/**
 * One validation of a token. micronaut-security-jwt answers yes or no; through this, the parts that it calls use the same keys
 * and say what they found. Confined to the thread that validates.
 */
final class Examination {
    private static final ScopedValue<Examination> CURRENT = ScopedValue.newInstance();

    private final @Nullable KeySet keys;
    private @Nullable Verification outcome;

    private Examination(@Nullable KeySet keys) {
        this.keys = keys;
    }

    /**
     * Runs a validation.
     *
     * @param keys to verify the signature with; null if there are none
     * @param validation calls the validator; whether it accepts the token
     * @return what was found; null if the token was refused before its signature was looked at, or by something that did not
     *     say why
     */
    static @Nullable Verification run(
            @Nullable KeySet keys, ScopedValue.CallableOp<Boolean, RuntimeException> validation) {
        Examination examination = new Examination(keys);
        boolean accepted = ScopedValue.where(CURRENT, examination).call(validation);
        Verification outcome = examination.outcome;
        return outcome instanceof Valid && !accepted ? null : outcome;
    }

    /** The one that is under way on this thread; null if there is none. */
    static @Nullable Examination current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    @Nullable
    KeySet keys() {
        return keys;
    }

    /** What the claims say. */
    void read(Verification verification) {
        outcome = verification;
    }

    /** Why the signature is not accepted. */
    void refuse(Reason reason) {
        outcome = new Invalid(reason);
    }
}
