package io.tailrace.ingest.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of {@code TAILRACE_SIGNING_KEY_FILE}: a JWKS (RFC 7517) of P-256 keys, each with its {@code kid}. The first
 * signs and has its private part; all are published. A key is changed by putting the new one first and leaving the old one
 * behind it until the last token that it signed has ended. Read once, at the start; immutable.
 */
@Singleton
public final class SigningKeys {
    private final ECKey first;
    private final JWSSigner signer;
    private final String published;

    /**
     * Reads the file.
     *
     * @throws IllegalStateException in one line, if it is not as described
     */
    public SigningKeys(@Nullable @Value("${tailrace.signing-key-file:}") String file) {
        if (file == null || file.isBlank()) {
            throw new IllegalStateException(
                    "TAILRACE_SIGNING_KEY_FILE is not set, expected a JWKS file with the private"
                            + " ES256 key that signs tokens");
        }
        JWKSet keys = read(Path.of(file));
        for (JWK key : keys.getKeys()) {
            if (!(key instanceof ECKey ec) || !Curve.P_256.equals(ec.getCurve()) || key.getKeyID() == null) {
                throw new IllegalStateException(
                        file + ": key \"" + key.getKeyID() + "\", expected P-256 keys with a kid and nothing else");
            }
        }
        if (keys.isEmpty() || !keys.getKeys().getFirst().isPrivate()) {
            throw new IllegalStateException(file + ": expected a private key first");
        }
        this.first = keys.getKeys().getFirst().toECKey();
        try {
            this.signer = new ECDSASigner(first);
        } catch (JOSEException e) {
            throw new IllegalStateException(file + ": key \"" + first.getKeyID() + "\" cannot sign", e);
        }
        this.published = new JWKSet(List.copyOf(keys.getKeys())).toString(true);
    }

    /** The id of the key that signs. */
    String id() {
        return first.getKeyID();
    }

    /** How it signs. */
    JWSAlgorithm algorithm() {
        return JWSAlgorithm.ES256;
    }

    /** Signs. Thread-safe. */
    JWSSigner signer() {
        return signer;
    }

    /** The public keys as a JWKS document, without any private part. */
    String published() {
        return published;
    }

    private static JWKSet read(Path file) {
        try {
            return JWKSet.parse(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalStateException("the signing key file cannot be read: " + e, e);
        } catch (ParseException e) {
            // The parser's message may quote the file, which is secret.
            throw new IllegalStateException(file + " is not a JWKS document");
        }
    }
}
