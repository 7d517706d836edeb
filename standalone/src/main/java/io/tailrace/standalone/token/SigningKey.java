package io.tailrace.standalone.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.tailrace.standalone.Fault;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;

/**
 * The ES256 key pair of a data folder: the private key in a file that only its owner may read, the public one beside it.
 * Immutable.
 *
 * @param key the pair
 * @param privateFile a JWKS (RFC 7517) with the private key
 * @param publicFile a JWKS with the public key
 */
public record SigningKey(ECKey key, Path privateFile, Path publicFile) {
    /** The key of a data folder, made if there is none. */
    public static SigningKey in(DataFolder folder) {
        Path privateFile = folder.keys().resolve("signing.jwks.json");
        Path publicFile = folder.keys().resolve("public.jwks.json");
        try {
            if (!Files.exists(privateFile)) {
                ECKey made = new ECKeyGenerator(Curve.P_256)
                        .keyUse(KeyUse.SIGNATURE)
                        .algorithm(JWSAlgorithm.ES256)
                        .keyIDFromThumbprint(true)
                        .generate();
                SmallFile.writeSecret(privateFile, new JWKSet(made).toString(false) + "\n");
            }
            JWKSet keys = JWKSet.parse(Files.readString(privateFile));
            if (!Files.exists(publicFile)) {
                SmallFile.write(publicFile, keys.toString(true) + "\n");
            }
            return new SigningKey(keys.getKeys().getFirst().toECKey(), privateFile, publicFile);
        } catch (IOException e) {
            throw new Fault("cannot read " + privateFile + ": " + DataFolder.reason(e), e);
        } catch (ParseException | JOSEException | ClassCastException | java.util.NoSuchElementException e) {
            // The parser's message may quote the file, which is secret.
            throw new Fault(privateFile + " is not a JWKS with an ES256 key; move it away and a new one is made");
        }
    }
}
