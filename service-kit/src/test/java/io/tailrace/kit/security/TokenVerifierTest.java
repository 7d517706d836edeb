package io.tailrace.kit.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.type.Argument;
import io.micronaut.core.type.GenericArgument;
import io.micronaut.security.token.jwt.validator.JsonWebTokenParser;
import io.micronaut.security.token.jwt.validator.JsonWebTokenValidator;
import io.tailrace.contracts.access.Grants;
import io.tailrace.contracts.channel.ChannelPattern;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Reason;
import io.tailrace.kit.security.Verification.Valid;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("NullAway.Init")
class TokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ECKey EC = Tokens.ecKey("ec-1");
    private static final RSAKey RSA = Tokens.rsaKey("rsa-1");
    private static final TokenSettings SETTINGS =
            new TokenSettings("tailrace", 8192, Duration.ofSeconds(5), 65_536, "tailrace_token");
    private static final JwksSettings JWKS = new JwksSettings(
            null, null, Duration.ofSeconds(5), Duration.ofMinutes(10), Duration.ofSeconds(5), 262_144, 32);

    private static final Argument<JsonWebTokenValidator<JWT, Object>> VALIDATOR = new GenericArgument<>() {};
    private static final Argument<JsonWebTokenParser<JWT>> PARSER = new GenericArgument<>() {};
    private static final SecurityMeters METERS = new SecurityMeters(new SimpleMeterRegistry());

    private static ApplicationContext context;
    private static Instant now = NOW;

    private String document = Tokens.jwks(EC.toPublicJWK(), RSA.toPublicJWK());
    private int readings;
    private long nowNs;
    private final List<Runnable> background = new ArrayList<>();
    private final KeyRing keyRing = new KeyRing(
            () -> {
                readings++;
                return document;
            },
            JWKS,
            background::add,
            () -> nowNs,
            METERS);
    private final VerifiedTokens verified = new VerifiedTokens(SETTINGS, () -> now);
    private final TokenVerifier verifier =
            new TokenVerifier(keyRing, SETTINGS, context.getBean(VALIDATOR), context.getBean(PARSER), verified, METERS);

    /** The validator of micronaut-security-jwt with our parts, as a service has it, by the clock of this test. */
    @Factory
    @Requires(env = "token-verifier-test")
    static class TestClock {
        @Singleton
        @Named(SecurityFactory.CLOCK)
        @Replaces(value = InstantSource.class, named = SecurityFactory.CLOCK, factory = SecurityFactory.class)
        InstantSource clock() {
            return () -> now;
        }
    }

    @BeforeAll
    static void start() {
        context = ApplicationContext.run(Tokens.WITHOUT_LOG, "token-verifier-test");
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @BeforeEach
    void setTheClock() {
        now = NOW;
    }

    @Test
    void anEs256TokenGivesItsGrants() {
        assertThat(verify(Tokens.sign(EC, Tokens.claims(NOW).build())))
                .isEqualTo(new Valid(
                        new Grants(
                                "0190a0b0-0000-7000-8000-000000000001",
                                Set.of("organizer"),
                                List.of(ChannelPattern.parse("logs:w1:*")),
                                List.of(ChannelPattern.parse("chat:room"))),
                        NOW.plusSeconds(60),
                        "token-1"));
    }

    @Test
    void aTokenThatWasGoodIsStillGoodUntilItExpires() {
        String token = Tokens.sign(EC, Tokens.claims(NOW).build());
        Verification first = verify(token);
        assertThat(verify(token)).isEqualTo(first);
        now = NOW.plusSeconds(59);
        assertThat(verify(token)).isEqualTo(first);
        now = NOW.plusSeconds(60);
        assertThat(verify(token)).isEqualTo(new Invalid(Reason.EXPIRED));
    }

    @Test
    void aTokenThatWasGoodIsNotGoodAnyMoreWhenItsKeyIsWithdrawn() {
        String token = Tokens.sign(EC, Tokens.claims(NOW).build());
        assertThat(verify(token)).isInstanceOf(Valid.class);
        document = Tokens.jwks(RSA.toPublicJWK());
        nowNs += JWKS.maxAge().toNanos() + 1;
        verify(token);
        background.forEach(Runnable::run);
        assertThat(verify(token)).isEqualTo(new Invalid(Reason.UNKNOWN_KEY));
    }

    @Test
    void aTokenThatWasGoodDoesNotMakeAnotherWithItsSignatureGood() {
        String token = Tokens.sign(EC, Tokens.claims(NOW).build());
        assertThat(verify(token)).isInstanceOf(Valid.class);
        String other = Tokens.sign(EC, Tokens.claims(NOW).subject("somebody").build());
        String forged = other.substring(0, other.lastIndexOf('.')) + token.substring(token.lastIndexOf('.'));
        assertThat(verify(forged)).isEqualTo(new Invalid(Reason.BAD_SIGNATURE));
    }

    @Test
    void anRs256TokenIsAsGood() {
        assertThat(verify(Tokens.sign(RSA, Tokens.claims(NOW).build()))).isInstanceOf(Valid.class);
    }

    @Test
    void aTokenWithoutKeyIdIsTriedWithTheKeysOfItsAlgorithm() throws JOSEException {
        String token = Tokens.sign(
                JWSAlgorithm.ES256,
                null,
                new ECDSASigner(EC),
                Tokens.claims(NOW).build());

        assertThat(verify(token)).isInstanceOf(Valid.class);
    }

    static Stream<Arguments> badTokens() throws JOSEException {
        JWTClaimsSet good = Tokens.claims(NOW).build();
        String token = Tokens.sign(EC, good);
        int dot = token.lastIndexOf('.');
        return Stream.of(
                Arguments.of("empty", "", Reason.MALFORMED),
                Arguments.of("text", "hello", Reason.MALFORMED),
                Arguments.of("dots", "..", Reason.MALFORMED),
                Arguments.of("too long", "a".repeat(8193), Reason.MALFORMED),
                Arguments.of("truncated header", token.substring(3), Reason.MALFORMED),
                Arguments.of("alg none", new PlainJWT(good).serialize(), Reason.UNSIGNED),
                Arguments.of("alg None", forged("{\"alg\":\"None\",\"kid\":\"ec-1\"}", good, ""), Reason.MALFORMED),
                Arguments.of("signature cut off", token.substring(0, dot + 1), Reason.MALFORMED),
                Arguments.of("signature shortened", token.substring(0, token.length() - 8), Reason.BAD_SIGNATURE),
                Arguments.of("signature of zeros", token.substring(0, dot + 1) + "A".repeat(86), Reason.BAD_SIGNATURE),
                Arguments.of(
                        "other claims under the signature",
                        forged(
                                new String(
                                        Base64URL.from(token.substring(0, token.indexOf('.')))
                                                .decode(),
                                        java.nio.charset.StandardCharsets.UTF_8),
                                Tokens.claims(NOW).subject("root").build(),
                                token.substring(dot + 1)),
                        Reason.BAD_SIGNATURE),
                Arguments.of(
                        "HS256 with the public EC key",
                        Tokens.signWithHmac(EC.toECPublicKey().getEncoded(), "ec-1", good),
                        Reason.UNSUPPORTED_ALGORITHM),
                Arguments.of(
                        "HS256 with the public RSA key",
                        Tokens.signWithHmac(RSA.toRSAPublicKey().getEncoded(), "rsa-1", good),
                        Reason.UNSUPPORTED_ALGORITHM),
                Arguments.of(
                        "RS512",
                        Tokens.sign(JWSAlgorithm.RS512, "rsa-1", new RSASSASigner(RSA), good),
                        Reason.UNSUPPORTED_ALGORITHM),
                Arguments.of(
                        "RS256 that names an EC key",
                        Tokens.sign(JWSAlgorithm.RS256, "ec-1", new RSASSASigner(RSA), good),
                        Reason.UNSUPPORTED_ALGORITHM),
                Arguments.of("foreign key under our id", Tokens.sign(Tokens.ecKey("ec-1"), good), Reason.BAD_SIGNATURE),
                Arguments.of("foreign key", Tokens.sign(Tokens.ecKey("other"), good), Reason.UNKNOWN_KEY),
                Arguments.of(
                        "encrypted",
                        Base64URL.encode("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}") + "..AAAA.AAAA.AAAA",
                        Reason.UNSUPPORTED_ALGORITHM),
                Arguments.of("claims that are no object", signedText("hello"), Reason.BAD_CLAIMS),
                Arguments.of("an expiry that is text", signedText("{\"exp\":\"soon\"}"), Reason.BAD_CLAIMS),
                Arguments.of("an unknown critical header", critical(), Reason.BAD_SIGNATURE),
                bad("expired", b -> b.expirationTime(Date.from(NOW)), Reason.EXPIRED),
                bad("never expires", b -> b.expirationTime(null), Reason.BAD_CLAIMS),
                bad("not yet valid", b -> b.notBeforeTime(Date.from(NOW.plusSeconds(6))), Reason.NOT_YET_VALID),
                bad("foreign issuer", b -> b.issuer("somebody"), Reason.WRONG_ISSUER),
                bad("no issuer", b -> b.issuer(null), Reason.WRONG_ISSUER),
                bad("no subject", b -> b.subject(null), Reason.BAD_CLAIMS),
                bad("blank subject", b -> b.subject(" "), Reason.BAD_CLAIMS),
                bad("a line break in the subject", b -> b.subject("a\nb"), Reason.BAD_CLAIMS),
                bad("roles are text", b -> b.claim("roles", "admin"), Reason.BAD_CLAIMS),
                bad("roles are numbers", b -> b.claim("roles", List.of(1)), Reason.BAD_CLAIMS),
                bad("channels are a list", b -> b.claim("channels", List.of("a")), Reason.BAD_CLAIMS),
                bad("jobs are text", b -> b.claim("jobs", "email"), Reason.BAD_CLAIMS),
                bad("jobs that no type could match", b -> b.claim("jobs", List.of("*.x")), Reason.BAD_CLAIMS),
                bad(
                        "not a pattern",
                        b -> b.claim("channels", Map.of("subscribe", List.of("logs:*x"))),
                        Reason.BAD_CLAIMS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void aBadTokenIsRefusedWithItsReason(String name, String token, Reason reason) {
        assertThat(verify(token)).as(name).isEqualTo(new Invalid(reason));
    }

    @Test
    void aClockThatIsAheadByLessThanTheSkewIsForgiven() {
        JWTClaimsSet claims =
                Tokens.claims(NOW).notBeforeTime(Date.from(NOW.plusSeconds(5))).build();

        assertThat(verify(Tokens.sign(EC, claims))).isInstanceOf(Valid.class);
    }

    @Test
    void keysForEncryptionOrWithAnotherAlgorithmAreNotUsed() throws JOSEException {
        ECKey encryption =
                new ECKey.Builder(Tokens.ecKey("enc")).keyUse(KeyUse.ENCRYPTION).build();
        RSAKey pss = new RSAKey.Builder(Tokens.rsaKey("pss"))
                .algorithm(JWSAlgorithm.PS256)
                .build();
        document = Tokens.jwks(EC.toPublicJWK(), encryption.toPublicJWK(), pss.toPublicJWK());

        assertThat(verify(Tokens.sign(encryption, Tokens.claims(NOW).build())))
                .isEqualTo(new Invalid(Reason.UNKNOWN_KEY));
        assertThat(verify(Tokens.sign(pss, Tokens.claims(NOW).build()))).isEqualTo(new Invalid(Reason.UNKNOWN_KEY));
    }

    @Test
    void withoutKeysTheFaultIsOnThisSide() {
        document = "not a JWKS";

        assertThat(verify(Tokens.sign(EC, Tokens.claims(NOW).build()))).isEqualTo(new Invalid(Reason.KEYS_UNAVAILABLE));
    }

    @Test
    void verifyNeverWaitsForTheKeys() {
        String token = Tokens.sign(EC, Tokens.claims(NOW).build());

        assertThat(verifier.verify(token)).isEqualTo(new Invalid(Reason.KEYS_UNAVAILABLE));
        runBackground();
        assertThat(verifier.verify(token)).isInstanceOf(Valid.class);
    }

    @Test
    void aRotatedKeyIsFoundByReadingTheKeysAgain() {
        ECKey next = Tokens.ecKey("ec-2");
        verify(Tokens.sign(EC, Tokens.claims(NOW).build()));
        document = Tokens.jwks(next.toPublicJWK());
        nowNs += Duration.ofSeconds(5).toNanos();

        assertThat(verify(Tokens.sign(next, Tokens.claims(NOW).build()))).isInstanceOf(Valid.class);
        assertThat(verify(Tokens.sign(EC, Tokens.claims(NOW).build()))).isEqualTo(new Invalid(Reason.UNKNOWN_KEY));
    }

    @Test
    void manyUnknownKeysCauseOneReadingPerInterval() {
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < 100; i++) {
                verify(Tokens.sign(
                        Tokens.ecKey("foreign-" + i % 3), Tokens.claims(NOW).build()));
            }
            nowNs += Duration.ofSeconds(1).toNanos();
        }

        assertThat(readings).isEqualTo(2);
    }

    @Test
    void aHundredThousandUnknownKeysCostNoReadingEachAndNoGoodTokenItsPlaceInTheMemory() {
        String good = Tokens.sign(EC, Tokens.claims(NOW).build());
        assertThat(verify(good)).isInstanceOf(Valid.class);
        String claims = Base64URL.encode(Tokens.claims(NOW).build().toString()).toString();
        String signature = "A".repeat(86);
        int lost = 0;

        for (int i = 0; i < 100_000; i++) {
            String header = Base64URL.encode("{\"alg\":\"ES256\",\"kid\":\"foreign-" + i + "\"}")
                    .toString();
            assertThat(verify(header + "." + claims + "." + signature)).isEqualTo(new Invalid(Reason.UNKNOWN_KEY));
            nowNs += Duration.ofMillis(1).toNanos();
            lost += isRemembered(good) ? 0 : 1;
        }

        assertThat(readings).as("one in each of the twenty intervals").isEqualTo(20);
        assertThat(lost).isZero();
    }

    @Test
    void oldKeysServeWhileTheyCannotBeReadAgain() {
        String token = Tokens.sign(EC, Tokens.claims(NOW).build());
        verify(token);
        document = "out of order";
        nowNs += Duration.ofMinutes(11).toNanos();

        assertThat(verify(token)).isInstanceOf(Valid.class);
        assertThat(verify(token)).isInstanceOf(Valid.class);
        assertThat(readings).isEqualTo(2);
    }

    @Test
    void aWithdrawnKeyEndsAtTheLatestWhenTheKeysAreTooOld() {
        String token = Tokens.sign(EC, Tokens.claims(NOW).build());
        verify(token);
        document = Tokens.jwks(RSA.toPublicJWK());
        nowNs += Duration.ofMinutes(11).toNanos();
        verify(token);

        assertThat(verify(token)).isEqualTo(new Invalid(Reason.UNKNOWN_KEY));
    }

    private boolean isRemembered(String token) {
        KeySet keys = keyRing.current();
        return keys != null && verified.find(token, keys) != null;
    }

    private Verification verify(String token) {
        var verification = verifier.verifyOrRefresh(token).toCompletableFuture();
        runBackground();
        return verification.join();
    }

    private void runBackground() {
        List<Runnable> tasks = List.copyOf(background);
        background.clear();
        tasks.forEach(Runnable::run);
    }

    private static Arguments bad(
            String name, java.util.function.UnaryOperator<JWTClaimsSet.Builder> fault, Reason reason) {
        return Arguments.of(
                name, Tokens.sign(EC, fault.apply(Tokens.claims(NOW)).build()), reason);
    }

    private static String forged(String header, JWTClaimsSet claims, @Nullable String signature) {
        return Base64URL.encode(header) + "." + Base64URL.encode(claims.toString()) + "." + signature;
    }

    private static String signedText(String payload) throws JOSEException {
        var header = new com.nimbusds.jose.JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID("ec-1")
                .build();
        var token = new com.nimbusds.jose.JWSObject(header, new com.nimbusds.jose.Payload(payload));
        token.sign(new ECDSASigner(EC));
        return token.serialize();
    }

    private static String critical() throws JOSEException {
        var header = new com.nimbusds.jose.JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID("ec-1")
                .criticalParams(Set.of("x-must"))
                .customParam("x-must", true)
                .build();
        var token = new com.nimbusds.jwt.SignedJWT(header, Tokens.claims(NOW).build());
        token.sign(new ECDSASigner(EC));
        return token.serialize();
    }
}
