package io.tailrace.kit.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The public keys that verify tokens, each bound to the one algorithm of its own type, so that a token cannot choose how
 * a key is used (RFC 8725, section 3.1). Immutable.
 */
record KeySet(List<VerificationKey> keys) {
    private static final int MIN_RSA_BITS = 2048;

    /** A key and the algorithm that it is for. */
    record VerificationKey(JWK key, JWSAlgorithm algorithm, JWSVerifier verifier) {
        /** Its id, if it has one. */
        @Nullable
        String id() {
            return key.getKeyID();
        }
    }

    KeySet {
        keys = List.copyOf(keys);
    }

    /**
     * Reads a JWKS (RFC 7517, section 5). Keys of other types, curves, sizes, uses or algorithms are left out.
     *
     * @throws ParseException if it is not a JWKS, or has more than {@code maxKeys} keys, or none that can be used
     */
    static KeySet parse(String json, int maxKeys) throws ParseException {
        List<JWK> all = JWKSet.parse(json).getKeys();
        if (all.size() > maxKeys) {
            throw new ParseException("JWKS has " + all.size() + " keys, expected at most " + maxKeys, 0);
        }
        List<VerificationKey> usable = new ArrayList<>();
        for (JWK key : all) {
            VerificationKey verification = verificationKey(key);
            if (verification != null) {
                usable.add(verification);
            }
        }
        if (usable.isEmpty()) {
            throw new ParseException("JWKS has no RSA key of 2048 bits or more and no P-256 key for signatures", 0);
        }
        return new KeySet(usable);
    }

    /** Whether these are the same keys, in any order. */
    boolean hasKeysOf(KeySet other) {
        return jwks().equals(other.jwks());
    }

    private Set<JWK> jwks() {
        return keys.stream().map(VerificationKey::key).collect(Collectors.toSet());
    }

    /** The keys that a token may mean: those of its key id, or all of them if it names none. */
    List<VerificationKey> named(@Nullable String id) {
        return id == null
                ? keys
                : keys.stream().filter(key -> id.equals(key.id())).toList();
    }

    private static @Nullable VerificationKey verificationKey(JWK key) {
        if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) {
            return null;
        }
        try {
            if (key instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS && isFor(key, JWSAlgorithm.RS256)) {
                return new VerificationKey(
                        key.toPublicJWK(), JWSAlgorithm.RS256, new RSASSAVerifier(rsa.toRSAPublicKey()));
            }
            if (key instanceof ECKey ec && Curve.P_256.equals(ec.getCurve()) && isFor(key, JWSAlgorithm.ES256)) {
                return new VerificationKey(
                        key.toPublicJWK(), JWSAlgorithm.ES256, new ECDSAVerifier(ec.toECPublicKey()));
            }
            return null;
        } catch (JOSEException e) {
            return null;
        }
    }

    private static boolean isFor(JWK key, JWSAlgorithm algorithm) {
        return key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm);
    }
}
