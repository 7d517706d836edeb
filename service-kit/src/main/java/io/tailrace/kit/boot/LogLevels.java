package io.tailrace.kit.boot;

import io.micronaut.logging.LogLevel;
import io.micronaut.logging.impl.LogbackLoggingSystem;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;

/** The levels of {@code logger.levels.*} in the settings file. At the start Micronaut sets them. */
@Singleton
final class LogLevels implements Reloadable {
    private static final String PREFIX = "logger.levels.";

    private final LogbackLoggingSystem logging;

    LogLevels(LogbackLoggingSystem logging) {
        this.logging = logging;
    }

    @Override
    public String reloads() {
        return "log levels";
    }

    @Override
    public void reload() {
        SettingsFile.of(System.getenv())
                .map(SettingsFile::values)
                .orElse(Map.of())
                .forEach((name, level) -> {
                    if (name.startsWith(PREFIX)) {
                        logging.setLogLevel(
                                name.substring(PREFIX.length()),
                                LogLevel.valueOf(level.toString().toUpperCase(Locale.ROOT)));
                    }
                });
    }
}
