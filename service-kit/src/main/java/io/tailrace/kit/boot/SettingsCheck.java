package io.tailrace.kit.boot;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.ConfigurationReader;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.env.Environment;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.convert.ConversionContext;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.type.Argument;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.inject.qualifiers.Qualifiers;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at all settings of a service before anything else of it is made, so that whoever starts it learns every fault at
 * once and none at the first request. Has no state once it is made.
 */
@Context
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingsCheck {
    private static final String OURS = "io.tailrace.";

    /** What {@code tailrace-defaults.yml} passes on to the framework, which would notice only when the server starts. */
    private static final Map<String, Class<?>> PASSED_ON = Map.of(
            "tailrace.http.port", int.class,
            "tailrace.http.max-body-bytes", long.class,
            "tailrace.http.max-header-bytes", int.class,
            "tailrace.http.max-line-bytes", int.class,
            "tailrace.http.idle-timeout", Duration.class,
            "tailrace.http.shutdown-grace", Duration.class);

    /** Settings that have another name now and must not be passed over in silence, with that name. */
    private static final Map<String, String> RENAMED = Map.of(
            // Without its prefix, an installation that shares Kafka with another joins the other's consumer groups.
            "tailrace.workers.group-prefix", "tailrace.projections.group-prefix");

    /**
     * Checks them.
     *
     * @throws InvalidSettings with all faults
     */
    SettingsCheck(ApplicationContext context) {
        List<String> faults = new ArrayList<>();
        Collection<BeanDefinition<?>> classes =
                context.getBeanDefinitions(Qualifiers.byStereotype(ConfigurationReader.class));
        SettingNames known = new SettingNames(context.getEnvironment());
        classes.stream()
                .filter(each -> each.getBeanType().getName().startsWith(OURS)
                        && each.getBeanType().isRecord())
                .forEach(each -> {
                    known.add(prefix(each), each.getBeanType().getRecordComponents());
                    check(context, each, faults);
                });
        PASSED_ON.forEach(
                (name, type) -> fault(context.getEnvironment(), name, type).ifPresent(faults::add));
        RENAMED.forEach((former, name) -> {
            if (context.getEnvironment().containsProperty(former)) {
                faults.add(former + ": this setting is named " + name + " now");
            }
        });
        faults.addAll(known.unknownOfFile());
        if (!faults.isEmpty()) {
            throw InvalidSettings.of(faults.stream().sorted().distinct().toList());
        }
    }

    private static void check(ApplicationContext context, BeanDefinition<?> settings, List<String> faults) {
        List<String> unreadable = new ArrayList<>();
        for (RecordComponent component : settings.getBeanType().getRecordComponents()) {
            String name = SettingNames.name(prefix(settings), component);
            fault(context.getEnvironment(), name, component.getType()).ifPresent(unreadable::add);
        }
        faults.addAll(unreadable);
        if (unreadable.isEmpty()) {
            try {
                var unused = context.getBean(settings);
            } catch (RuntimeException e) {
                faults.add(ServiceBoot.deepest(e));
            }
        }
    }

    private static String prefix(BeanDefinition<?> settings) {
        return settings.stringValue(ConfigurationReader.class, "prefix").orElse("");
    }

    /** What is wrong with a value as a text; ranges are checked by the settings themselves. */
    private static Optional<String> fault(Environment environment, String name, Class<?> type) {
        Optional<String> text = environment.getProperty(name, String.class);
        if (text.isEmpty()
                || !(type.isPrimitive()
                        || Number.class.isAssignableFrom(type)
                        || type == Duration.class
                        || type.isEnum())) {
            return Optional.empty();
        }
        ArgumentConversionContext<?> conversion = ConversionContext.of(Argument.of(type));
        boolean readable = environment.getProperty(name, conversion).isPresent();
        return readable || text.get().isBlank()
                ? Optional.empty()
                : Optional.of(name + ": \"" + text.get() + "\", expected " + expected(type));
    }

    private static String expected(Class<?> type) {
        if (type == Duration.class) {
            return "a duration such as 200ms, 15s or 24h";
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (type.isEnum()) {
            return "one of " + Arrays.toString(type.getEnumConstants());
        }
        return type == double.class || type == Double.class ? "a number" : "a whole number";
    }
}
