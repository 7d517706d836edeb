package io.tailrace.kit.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Reason;
import io.tailrace.kit.security.Verification.Valid;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a token (RFC 7519, signed by RFC 7515) is to be trusted, by the public keys alone. Only RS256 and ES256
 * are accepted, and only as the key's own type has it (RFC 8725). Thread-safe; never blocks. The first
 * look at a token costs some tenths of a millisecond of CPU, see {@link VerifiedTokens} for the next ones.
 */
public final class TokenVerifier {
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

    private final KeyRing keyRing;
    private final TokenSettings settings;
    private final ClaimsReader claimsReader;
    private final VerifiedTokens verified;
    private final SecurityMeters meters;

    TokenVerifier(KeyRing keyRing, TokenSettings settings, InstantSource clock, SecurityMeters meters) {
        this.keyRing = keyRing;
        this.settings = settings;
        this.claimsReader = new ClaimsReader(settings, clock);
        this.verified = new VerifiedTokens(settings, clock);
        this.meters = meters;
    }

    /**
     * Verifies with the keys at hand. If the token names an unknown key, a reading of the keys is started in the
     * background; a caller that can wait for it uses {@link #verifyOrRefresh}.
     */
    public Verification verify(String jwt) {
        Verification verification = counted(verify(jwt, keyRing.current()));
        if (isForWantOfKeys(verification)) {
            var unused = keyRing.refresh();
        }
        return verification;
    }

    /**
     * Verifies, and if that fails for want of a key, once more after the keys have been read again. Completes at once
     * unless it waits for the keys, and then on another thread. It never completes exceptionally.
     */
    public CompletionStage<Verification> verifyOrRefresh(String jwt) {
        Verification first = verify(jwt, keyRing.current());
        return isForWantOfKeys(first)
                ? keyRing.refresh().thenApply(keys -> counted(verify(jwt, keys)))
                : CompletableFuture.completedFuture(counted(first));
    }

    private Verification counted(Verification verification) {
        meters.verified(verification);
        return verification;
    }

    private static boolean isForWantOfKeys(Verification verification) {
        return verification instanceof Invalid(Reason reason)
                && (reason == Reason.UNKNOWN_KEY || reason == Reason.KEYS_UNAVAILABLE);
    }

    private Verification verify(String jwt, @Nullable KeySet keys) {
        if (jwt.length() > settings.maxBytes()) {
            return new Invalid(Reason.MALFORMED);
        }
        Valid known = keys == null ? null : verified.find(jwt, keys);
        return known == null ? compute(jwt, keys) : known;
    }

    private Verification compute(String jwt, @Nullable KeySet keys) {
        JWT parsed;
        try {
            parsed = JWTParser.parse(jwt);
        } catch (ParseException | RuntimeException e) {
            return new Invalid(Reason.MALFORMED);
        }
        if (parsed instanceof PlainJWT) {
            return new Invalid(Reason.UNSIGNED);
        }
        if (!(parsed instanceof SignedJWT signed)
                || !ALGORITHMS.contains(signed.getHeader().getAlgorithm())) {
            return new Invalid(Reason.UNSUPPORTED_ALGORITHM);
        }
        if (keys == null) {
            return new Invalid(Reason.KEYS_UNAVAILABLE);
        }
        Reason fault = signatureFault(signed, keys);
        if (fault != null) {
            return new Invalid(fault);
        }
        Verification verification = claimsReader.read(signed);
        if (verification instanceof Valid valid) {
            verified.put(jwt, keys, valid);
        }
        return verification;
    }

    private static @Nullable Reason signatureFault(SignedJWT token, KeySet keys) {
        List<KeySet.VerificationKey> named = keys.named(token.getHeader().getKeyID());
        if (named.isEmpty()) {
            return Reason.UNKNOWN_KEY;
        }
        JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
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
