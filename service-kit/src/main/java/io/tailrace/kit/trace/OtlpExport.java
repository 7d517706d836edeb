package io.tailrace.kit.trace;

import io.micronaut.core.value.PropertyResolver;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * OpenTelemetry's SDK with its own settings ({@code OTEL_*} in the environment, or system properties), of which these are
 * others here than in the standard: traces alone are exported, and OTLP goes over HTTP ({@code http/protobuf}), which needs
 * no gRPC. Spans that have ended wait in a bounded queue ({@code OTEL_BSP_MAX_QUEUE_SIZE}, 2048); what does not fit is dropped.
 * Thread-safe.
 */
final class OtlpExport implements AutoCloseable {
    /** Held, because the JDK's registry of loggers would let go of it and of its handler. */
    private static final Logger SPOKESMAN = Logger.getLogger("io.opentelemetry");

    private static final AttributeKey<String> INSTANCE = AttributeKey.stringKey("service.instance.id");

    /** The SDK itself would wait for ten seconds, which a service that stops has better use for. */
    private static final long LAST_EXPORT_MS = 2_000;

    private final OpenTelemetrySdk sdk;

    private OtlpExport(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
    }

    /** Starts with the settings of this process; for {@code service}, unless {@code OTEL_SERVICE_NAME} says otherwise. */
    static OtlpExport start(PropertyResolver settings, String service) {
        logThroughSlf4j();
        Map<String, String> defaults = new HashMap<>(Map.of(
                "otel.service.name", service,
                "otel.traces.exporter", "otlp",
                "otel.metrics.exporter", "none",
                "otel.logs.exporter", "none",
                "otel.exporter.otlp.protocol", "http/protobuf",
                "otel.propagators", "tracecontext"));
        // What a configuration file says rather than the environment.
        ExportWanted.ENDPOINTS.forEach(
                name -> settings.getProperty(name, String.class).ifPresent(endpoint -> defaults.put(name, endpoint)));
        Resource instance =
                Resource.builder().put(INSTANCE, UUID.randomUUID().toString()).build();
        return new OtlpExport(AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(() -> defaults)
                .addResourceCustomizer((resource, config) ->
                        resource.getAttribute(INSTANCE) == null ? resource.merge(instance) : resource)
                .disableShutdownHook()
                .build()
                .getOpenTelemetrySdk());
    }

    Tracer tracer(String scope) {
        return sdk.getTracer(scope);
    }

    /** Exports what waits. If nobody takes it within two seconds, it is dropped. */
    @Override
    public void close() {
        sdk.shutdown().join(LAST_EXPORT_MS, TimeUnit.MILLISECONDS);
    }

    private static synchronized void logThroughSlf4j() {
        if (SPOKESMAN.getUseParentHandlers()) {
            SPOKESMAN.setUseParentHandlers(false);
            SPOKESMAN.addHandler(new SLF4JBridgeHandler());
        }
    }
}
