package io.tailrace.workers.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.webhook.WebhookSecret;
import io.tailrace.kit.secret.WebhookSecretSettings;
import io.tailrace.workers.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** On a real PostgreSQL with the schema. */
@Tag("server")
class EndpointTableTest {
    private static final WebhookSecretSettings SECRETS =
            new WebhookSecretSettings("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");

    private static final PGSimpleDataSource DATABASE = new PGSimpleDataSource();

    private final UUID id = UUID.randomUUID();
    private final WebhookSecret current = WebhookSecret.of(new byte[24]);
    private final WebhookSecret before = WebhookSecret.of(new byte[32]);
    private final EndpointTable table = new EndpointTable(DATABASE, SECRETS);

    @BeforeAll
    static void migrate() throws SQLException {
        DATABASE.setUrl(TestPostgres.newDatabase());
    }

    private void insert(String until) throws SQLException {
        execute("insert into webhook_endpoints (id, owner, url, events, state, secret, previous_secret, previous_until)"
                + " values ('" + id + "', 'me', 'https://example.org/', 'user.*,order.paid', 'enabled', '"
                + SECRETS.box().seal(id.toString(), current.text()) + "', '"
                + SECRETS.box().seal(id.toString(), before.text()) + "', now() + interval '" + until + "')");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void anEndpointIsReadWithTheSecretBeforeWhileThatIsInUse() throws Exception {
        insert("1 hour");
        Endpoint endpoint = table.find(id).orElseThrow();

        assertThat(endpoint.secrets()).containsExactly(current, before);
        assertThat(endpoint.url()).isEqualTo("https://example.org/");
        assertThat(endpoint.isEnabled()).isTrue();
        assertThat(endpoint.wants("user.created")).isTrue();
        assertThat(endpoint.wants("order.shipped")).isFalse();
        execute("update webhook_endpoints set previous_until = now() where id = '" + id + "'");
        assertThat(table.find(id).orElseThrow().secrets()).containsExactly(current);
        assertThat(table.find(UUID.randomUUID())).isEmpty();
    }

    @Test
    void oneThatIsGoneIsDisabledUnlessItHasMoved() throws Exception {
        insert("1 hour");
        Endpoint endpoint = table.find(id).orElseThrow();
        execute("update webhook_endpoints set url = 'https://example.com/' where id = '" + id + "'");

        table.disable(endpoint);
        assertThat(table.find(id).orElseThrow().isEnabled()).isTrue();
        table.disable(table.find(id).orElseThrow());
        assertThat(table.find(id).orElseThrow().isEnabled()).isFalse();
    }

    @Test
    void withoutTheKeyASecretIsNotRead() throws Exception {
        insert("1 hour");
        EndpointTable other = new EndpointTable(DATABASE, new WebhookSecretSettings(""));

        assertThatThrownBy(() -> other.find(id)).isInstanceOf(IllegalArgumentException.class);
    }
}
