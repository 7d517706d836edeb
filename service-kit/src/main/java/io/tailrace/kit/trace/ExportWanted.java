package io.tailrace.kit.trace;

import io.micronaut.context.condition.Condition;
import io.micronaut.context.condition.ConditionContext;
import io.micronaut.core.value.PropertyResolver;
import java.util.List;

/** True where spans have somewhere to go. */
public final class ExportWanted implements Condition {
    /** The standard's settings that say where, in the environment as {@code OTEL_EXPORTER_OTLP_ENDPOINT} and so on. */
    static final List<String> ENDPOINTS = List.of("otel.exporter.otlp.endpoint", "otel.exporter.otlp.traces.endpoint");

    /** For Micronaut. */
    public ExportWanted() {}

    @Override
    public boolean matches(ConditionContext context) {
        return in(context);
    }

    static boolean in(PropertyResolver settings) {
        boolean disabled =
                settings.getProperty("otel.sdk.disabled", Boolean.class).orElse(false);
        return !disabled
                && ENDPOINTS.stream().anyMatch(name -> settings.getProperty(name, String.class)
                        .filter(endpoint -> !endpoint.isBlank())
                        .isPresent());
    }
}
