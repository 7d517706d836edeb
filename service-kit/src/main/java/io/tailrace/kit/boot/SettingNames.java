package io.tailrace.kit.boot;

import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.core.naming.NameUtils;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * The names of the settings that this service has, so that a name in the settings file that is spelled wrong is a fault and
 * no silence. Names of other services' settings are theirs to check. Used by one thread.
 */
final class SettingNames {
    private static final String OURS = "tailrace.";
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(tailrace\\.[a-z0-9.-]+)");

    private final Environment environment;
    private final Set<String> prefixes = new HashSet<>();
    private final Set<String> names = new HashSet<>();

    SettingNames(Environment environment) {
        this.environment = environment;
        for (PropertySource source : environment.getPropertySources()) {
            if (source.getOrder() < Fragments.FILE_ORDER) {
                source.forEach(name -> {
                    names.add(name);
                    Matcher references = REFERENCE.matcher(String.valueOf(source.get(name)));
                    references.results().forEach(reference -> names.add(reference.group(1)));
                });
            }
        }
    }

    static String name(String prefix, RecordComponent component) {
        return prefix + "." + NameUtils.hyphenate(component.getName());
    }

    void add(String prefix, RecordComponent[] components) {
        prefixes.add(prefix + ".");
        for (RecordComponent component : components) {
            names.add(name(prefix, component));
        }
    }

    /** A fault for each name of the file that begins like settings of this service and is none. */
    List<String> unknownOfFile() {
        return environment.getPropertySources().stream()
                .filter(source -> source.getOrder() == Fragments.FILE_ORDER)
                .flatMap(source -> StreamSupport.stream(source.spliterator(), false))
                .filter(name -> name.startsWith(OURS)
                        && prefixes.stream().anyMatch(name::startsWith)
                        && !names.contains(name.replaceFirst("\\[\\d+]$", "")))
                .map(name -> name + ": there is no such setting")
                .toList();
    }
}
