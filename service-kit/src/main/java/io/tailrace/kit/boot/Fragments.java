package io.tailrace.kit.boot;

import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.yaml.YamlPropertySourceLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads configuration files of the class path. */
final class Fragments {
    /** Below everything else, also below an {@code application.yml} (-300) and the environment (-200). */
    static final int DEFAULTS_ORDER = -1000;

    /** Above the defaults. */
    static final int SERVICE_ORDER = -900;

    /** Above the fragments and an {@code application.yml} (-300), below the environment (-200). */
    static final int FILE_ORDER = -250;

    /** Above the environment (-200) and system properties (-100), below the command line (0). */
    static final int EXTRA_ORDER = -50;

    private Fragments() {}

    static boolean exists(String file) {
        return Fragments.class.getClassLoader().getResource(file) != null;
    }

    static PropertySource read(String file, int order) {
        try (InputStream in = Fragments.class.getClassLoader().getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("configuration " + file + " is not on the class path");
            }
            Map<String, Object> values = new LinkedHashMap<>(new YamlPropertySourceLoader().read(file, in));
            return PropertySource.of(file, values, order);
        } catch (IOException e) {
            throw new UncheckedIOException("configuration " + file, e);
        }
    }
}
