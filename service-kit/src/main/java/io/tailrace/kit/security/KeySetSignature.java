package io.tailrace.kit.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.SignedJWT;
import io.micronaut.security.token.jwt.signature.SignatureConfiguration;
import io.tailrace.kit.security.Verification.Reason;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The signature configuration of micronaut-security-jwt: our key set. Only RS256 and ES256 are accepted, and only as the key's own
 * type has it (RFC 8725, section 3.1). Thread-safe; never blocks.
 */
@Singleton
final class KeySetSignature implements SignatureConfiguration {
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

    private final KeyRing keyRing;

    KeySetSignature(KeyRing keyRing) {
        this.keyRing = keyRing;
    }

    @Override
    public String supportedAlgorithmsMessage() {
        return "Only the algorithms RS256 and ES256 are supported";
    }

    @Override
    public boolean supports(JWSAlgorithm algorithm) {
        return ALGORITHMS.contains(algorithm);
    }

    /** Verifies with the keys of the examination that is under way, otherwise with those at hand. */
    @Override
    public boolean verify(SignedJWT token) {
        Examination examination = Examination.current();
        Reason fault = fault(token, examination == null ? keyRing.current() : examination.keys());
        if (examination != null && fault != null) {
            examination.refuse(fault);
        }
        return fault == null;
    }

    private @Nullable Reason fault(SignedJWT token, @Nullable KeySet keys) {
        JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
        if (!supports(algorithm)) {
            return Reason.UNSUPPORTED_ALGORITHM;
        }
        if (keys == null) {
            return Reason.KEYS_UNAVAILABLE;
        }
        List<KeySet.VerificationKey> named = keys.named(token.getHeader().getKeyID());
        if (named.isEmpty()) {
            return Reason.UNKNOWN_KEY;
        }
        List<KeySet.VerificationKey> fitting =
                named.stream().filter(key -> key.algorithm().equals(algorithm)).toList();
        if (fitting.isEmpty()) {
            return Reason.UNSUPPORTED_ALGORITHM;
        }
        for (KeySet.VerificationKey key : fitting) {
            try {
                if (token.verify(key.verifier())) {
                    return null;
                }
            } catch (JOSEException | IllegalStateException e) {
                // A signature that is not of the algorithm's form is as wrong as one of another key.
                continue;
            }
        }
        return Reason.BAD_SIGNATURE;
    }
}
