package io.tailrace.workers.webhook;

import io.micronaut.jdbc.DataSourceResolver;
import io.tailrace.contracts.webhook.EventPattern;
import io.tailrace.contracts.webhook.WebhookSecret;
import io.tailrace.kit.secret.SecretBox;
import io.tailrace.kit.secret.WebhookSecretSettings;
import io.tailrace.workers.WorkersPool;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The table {@code webhook_endpoints}, which ingest-api writes. Each call is a transaction of its own. Thread-safe. */
@Singleton
final class EndpointTable implements Endpoints {
    private static final String FIND = "select url, events, state, secret,"
            + " case when previous_until > now() then previous_secret end from webhook_endpoints where id = ?";

    private static final String DISABLE = "update webhook_endpoints set state = 'disabled', disabled_reason = 'gone',"
            + " changed_at = now() where id = ? and url = ? and state = 'enabled'";

    private final DataSource database;
    private final SecretBox box;

    @Inject
    EndpointTable(
            @Named(WorkersPool.NAME) DataSource pool,
            @Nullable DataSourceResolver resolver,
            WebhookSecretSettings secrets) {
        this(WorkersPool.plain(pool, resolver), secrets);
    }

    EndpointTable(DataSource database, WebhookSecretSettings secrets) {
        this.database = database;
        this.box = secrets.box();
    }

    @Override
    public Optional<Endpoint> find(UUID id) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setObject(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(endpoint(id, rows)) : Optional.empty();
            }
        }
    }

    private Endpoint endpoint(UUID id, ResultSet row) throws SQLException {
        List<EventPattern> events =
                Stream.of(row.getString(2).split(",")).map(EventPattern::new).toList();
        List<WebhookSecret> secrets = new ArrayList<>();
        addSecret(secrets, id, row.getString(4));
        addSecret(secrets, id, row.getString(5));
        return new Endpoint(
                id, row.getString(1), events, secrets, row.getString(3).equals("enabled"));
    }

    private void addSecret(List<WebhookSecret> secrets, UUID id, @Nullable String kept) {
        if (kept != null) {
            secrets.add(new WebhookSecret(box.open(id.toString(), kept)));
        }
    }

    @Override
    public void disable(Endpoint endpoint) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(DISABLE)) {
            update.setObject(1, endpoint.id());
            update.setString(2, endpoint.url());
            var unused = update.executeUpdate();
        }
    }
}
