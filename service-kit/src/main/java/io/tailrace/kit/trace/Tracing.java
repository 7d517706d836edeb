package io.tailrace.kit.trace;

import io.micronaut.context.annotation.Value;
import io.micronaut.context.env.Environment;
import io.opentelemetry.api.trace.Tracer;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Whether this process makes traces: it does where {@code OTEL_EXPORTER_OTLP_ENDPOINT} (or {@code …_TRACES_ENDPOINT}) is set
 * and {@code OTEL_SDK_DISABLED} is not. Thread-safe.
 */
@Singleton
public final class Tracing {
    private final @Nullable OtlpExport export;

    /** Starts the export, if one is wanted. */
    Tracing(Environment environment, @Value("${micronaut.application.name:tailrace}") String service) {
        export = ExportWanted.in(environment) ? OtlpExport.start(environment, service) : null;
    }

    /**
     * The maker of spans, or null if there are to be none.
     *
     * @param scope whose spans they are, a package's name
     */
    public @Nullable Tracer tracer(String scope) {
        return export == null ? null : export.tracer(scope);
    }

    /** Exports what has ended, for a few seconds at most. */
    @PreDestroy
    void close() {
        if (export != null) {
            export.close();
        }
    }
}
