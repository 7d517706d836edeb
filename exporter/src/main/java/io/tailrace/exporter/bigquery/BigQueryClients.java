package io.tailrace.exporter.bigquery;

import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.auth.Credentials;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteSettings;
import io.tailrace.kit.job.JobFailure;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens clients of the Storage Write API. Thread-safe; blocks. */
public final class BigQueryClients {
    private final BigQuerySettings settings;
    private final CredentialsProvider credentials;
    private final InstantiatingGrpcChannelProvider transport;

    /** Clients of Google's servers, or of those that the settings name, with the credentials of this process. */
    public BigQueryClients(BigQuerySettings settings) {
        this(settings, BigQueryWriteSettings.defaultCredentialsProviderBuilder().build(), transport(settings));
    }

    /** Clients with other credentials and channels. */
    BigQueryClients(
            BigQuerySettings settings, CredentialsProvider credentials, InstantiatingGrpcChannelProvider transport) {
        this.settings = settings;
        this.credentials = credentials;
        this.transport = transport;
    }

    private static InstantiatingGrpcChannelProvider transport(BigQuerySettings settings) {
        InstantiatingGrpcChannelProvider.Builder transport =
                BigQueryWriteSettings.defaultGrpcTransportProviderBuilder();
        return settings.endpoint().isEmpty()
                ? transport.build()
                : transport.setEndpoint(settings.endpoint()).build();
    }

    BigQuerySettings settings() {
        return settings;
    }

    /**
     * Opens a client, which whoever asks for it closes.
     *
     * @throws JobFailure if there are no credentials
     */
    BigQueryWriteClient open() throws JobFailure, IOException {
        BigQueryWriteSettings.Builder builder = BigQueryWriteSettings.newBuilder()
                .setCredentialsProvider(provider())
                .setTransportChannelProvider(transport);
        // Jobs are tried again by the queue, where everybody sees why: what the client does in secret for many minutes,
        // nobody sees.
        return BigQueryWriteClient.create(builder.applyToAllUnaryMethods(method -> {
                    method.setRetryableCodes(Set.of()).setSimpleTimeoutNoRetriesDuration(settings.answerTimeout());
                    return null;
                })
                .build());
    }

    private CredentialsProvider provider() throws JobFailure {
        try {
            @Nullable Credentials found = credentials.getCredentials();
            return found == null ? NoCredentialsProvider.create() : FixedCredentialsProvider.create(found);
        } catch (IOException e) {
            throw JobFailure.lasting(
                    "not_configured",
                    "There are no credentials of Google Cloud: expected GOOGLE_APPLICATION_CREDENTIALS to name a file"
                            + " with a key",
                    e);
        }
    }
}
