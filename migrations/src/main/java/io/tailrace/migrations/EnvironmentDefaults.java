package io.tailrace.migrations;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Takes the connection that no flag names from variables that every service reads, too.
 *
 * @param environment the variables; those that are not set are null
 */
record EnvironmentDefaults(Map<String, String> environment) implements IDefaultValueProvider {
    private static final Map<String, String> VARIABLES = Map.of(
            "--url", "TAILRACE_POSTGRES_URL",
            "--user", "TAILRACE_POSTGRES_USER",
            "--password", "TAILRACE_POSTGRES_PASSWORD");

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        String variable = argument instanceof OptionSpec option ? VARIABLES.get(option.longestName()) : null;
        return variable == null ? null : environment.get(variable);
    }
}
