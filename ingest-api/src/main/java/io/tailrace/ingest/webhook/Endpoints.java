package io.tailrace.ingest.webhook;

import io.tailrace.contracts.webhook.WebhookSecret;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.secret.SecretBox;
import io.tailrace.kit.secret.WebhookSecretSettings;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of webhooks. Whoever is not an operator sees their own alone; those of others are not there for them. Thread-safe;
 * blocks.
 */
@Singleton
final class Endpoints {
    private static final int SECRET_BYTES = 32;

    private final EndpointRows rows;
    private final Database database;
    private final Stamps stamps;
    private final SecretBox box;
    private final EndpointSettings settings;
    private final SecureRandom random = new SecureRandom();

    Endpoints(
            EndpointRows rows,
            Database database,
            Stamps stamps,
            WebhookSecretSettings secrets,
            EndpointSettings settings) {
        this.rows = rows;
        this.database = database;
        this.stamps = stamps;
        this.box = secrets.box();
        this.settings = settings;
    }

    /**
     * Registers one.
     *
     * @param owner the subject of whoever asks
     * @throws ProblemException 409 if they have as many as they may have
     */
    EndpointView register(EndpointRequest request, String owner) {
        UUID id = stamps.id();
        WebhookSecret secret = secret(request);
        String kept = box.seal(id.toString(), secret.text());
        int added = database.call(() -> rows.insert(
                id,
                owner,
                Objects.requireNonNull(request.url()),
                Objects.requireNonNull(request.events()),
                kept,
                settings.maxEndpoints()));
        if (added == 0) {
            throw new ProblemException(
                    ProblemType.CONFLICT, "You have " + settings.maxEndpoints() + " endpoints, and may have no more");
        }
        return EndpointView.of(row(id, owner), secret.text());
    }

    /**
     * One of them.
     *
     * @param owner whose it has to be; the empty text for anybody's
     * @throws ProblemException 404 if there is no such one
     */
    EndpointView get(UUID id, String owner) {
        return EndpointView.of(row(id, owner), null);
    }

    /** The newest before one; parameters as for {@link #get}. */
    List<EndpointView> newest(String owner, @Nullable UUID before, int limit) {
        UUID from = before == null ? new UUID(-1, -1) : before;
        return database.call(() -> rows.newest(owner, from, limit)).stream()
                .map(row -> EndpointView.of(row, null))
                .toList();
    }

    /** Changes one; parameters as for {@link #get}. */
    EndpointView change(UUID id, String owner, EndpointRequest request) {
        int changed = database.call(() -> rows.change(id, owner, request.url(), request.events(), request.state()));
        if (changed == 0) {
            throw missing(id);
        }
        return get(id, owner);
    }

    /** Gives one another secret; parameters as for {@link #get}. */
    EndpointView rotate(UUID id, String owner, EndpointRequest request) {
        WebhookSecret secret = secret(request);
        String kept = box.seal(id.toString(), secret.text());
        Long wanted = request.graceSeconds();
        long grace = wanted == null ? settings.rotation().toSeconds() : wanted;
        if (database.call(() -> rows.rotate(id, owner, kept, grace)) == 0) {
            throw missing(id);
        }
        return EndpointView.of(row(id, owner), secret.text());
    }

    /** Takes one away; parameters as for {@link #get}. */
    void remove(UUID id, String owner) {
        if (database.call(() -> rows.remove(id, owner)) == 0) {
            throw missing(id);
        }
    }

    private WebhookSecret secret(EndpointRequest request) {
        WebhookSecret given = request.secret();
        if (given != null) {
            return given;
        }
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return WebhookSecret.of(bytes);
    }

    private EndpointRow row(UUID id, String owner) {
        return database.call(() -> rows.find(id, owner)).orElseThrow(() -> missing(id));
    }

    private static ProblemException missing(UUID id) {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no webhook endpoint " + id);
    }
}
