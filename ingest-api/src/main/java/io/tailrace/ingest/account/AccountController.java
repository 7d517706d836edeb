package io.tailrace.ingest.account;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.tailrace.contracts.identity.Sha256;
import io.tailrace.ingest.idempotency.IdempotentWrites;
import java.util.HexFormat;

/** Registering. */
@Controller("/auth")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_ANONYMOUS)
final class AccountController {
    private final Accounts accounts;
    private final Passwords passwords;
    private final IdempotentWrites writes;

    AccountController(Accounts accounts, Passwords passwords, IdempotentWrites writes) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.writes = writes;
    }

    /** Makes an account. */
    @Post("/register")
    @Status(HttpStatus.CREATED)
    HttpResponse<Person> register(HttpRequest<?> request, @Body Registration body) {
        Registration.Checked wanted = body.checked();
        return writes.make(
                request, owner(wanted), comparable(request, wanted), Person.class, w -> accounts.register(wanted, w));
    }

    /**
     * Whose key it is: whoever has the address that is registered. Not the client's address: a phone that changes its network
     * between two attempts is still the same person. Hashed, because it need not be read.
     */
    private static String owner(Registration.Checked wanted) {
        return "email:" + HexFormat.of().formatHex(Sha256.of(wanted.emailKey()));
    }

    /** What is compared when a key comes again, with nothing in it from which a password could be guessed quickly. */
    private Object comparable(HttpRequest<?> request, Registration.Checked wanted) {
        String key = request.getHeaders().get("Idempotency-Key");
        return key == null
                ? ""
                : new Registration(
                        wanted.email(), passwords.fingerprint(wanted.password(), key), wanted.name(), wanted.phone());
    }
}
