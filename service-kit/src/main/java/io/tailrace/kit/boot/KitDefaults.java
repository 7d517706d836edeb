package io.tailrace.kit.boot;

import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.context.ApplicationContextConfigurer;
import io.micronaut.context.annotation.ContextConfigurer;

/**
 * Gives every application context that has this module on its class path the same defaults, whether {@link ServiceBoot}
 * or a test starts it.
 */
@ContextConfigurer
public final class KitDefaults implements ApplicationContextConfigurer {
    private static final String FILE = "tailrace-defaults.yml";

    @Override
    public void configure(ApplicationContextBuilder builder) {
        builder.propertySources(Fragments.read(FILE, Fragments.DEFAULTS_ORDER))
                .deduceEnvironment(false)
                .banner(false);
    }
}
