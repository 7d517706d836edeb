package io.tailrace.kit.boot;

import io.micronaut.context.env.PropertiesPropertySourceLoader;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.PropertySourceLoader;
import io.micronaut.context.env.yaml.YamlPropertySourceLoader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The file that {@value #VARIABLE} names, YAML or Java properties by its ending: settings of any service of an
 * installation, so that one file can serve all of them. It wins over the defaults, and the environment over it.
 *
 * @param path where it is
 * @param values its settings, by their full names
 */
record SettingsFile(Path path, Map<String, Object> values) {
    static final String VARIABLE = "TAILRACE_CONFIG_FILE";

    SettingsFile {
        values = Map.copyOf(values);
    }

    /**
     * Reads it.
     *
     * @return empty if the variable is not set
     * @throws InvalidSettings if it cannot be read
     */
    static Optional<SettingsFile> of(Map<String, String> environment) {
        String name = environment.getOrDefault(VARIABLE, "");
        return name.isBlank() ? Optional.empty() : Optional.of(read(Path.of(name.strip())));
    }

    static SettingsFile read(Path path) {
        boolean properties = path.toString().endsWith(".properties");
        PropertySourceLoader loader =
                properties ? new PropertiesPropertySourceLoader() : new YamlPropertySourceLoader();
        try (InputStream in = Files.newInputStream(path)) {
            Map<String, Object> values = new LinkedHashMap<>();
            loader.read(path.toString(), in).forEach((name, value) -> {
                if (value != null) {
                    values.put(name, value);
                }
            });
            return new SettingsFile(path, values);
        } catch (IOException e) {
            throw InvalidSettings.of(VARIABLE + ": " + path + " cannot be read: " + e);
        } catch (RuntimeException e) {
            // The parser's first line says where the fault is.
            throw InvalidSettings.of(VARIABLE + ": " + path + " cannot be understood: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    PropertySource source() {
        return PropertySource.of(path.toString(), values, Fragments.FILE_ORDER);
    }
}
