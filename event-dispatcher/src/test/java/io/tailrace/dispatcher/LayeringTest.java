package io.tailrace.dispatcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;

/** The topologies are pure: everything that they need is handed in. */
class LayeringTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tailrace.dispatcher");

    private static final String[] PURE = {
        "io.tailrace.dispatcher.feed",
        "io.tailrace.dispatcher.metrics",
        "io.tailrace.dispatcher.seat",
        "io.tailrace.dispatcher.job",
        "io.tailrace.dispatcher.series",
        "io.tailrace.dispatcher.poison",
        "io.tailrace.dispatcher.channel",
        "io.tailrace.dispatcher.commit"
    };

    @Test
    void the_topologies_know_no_framework_and_not_their_driver() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.micronaut..",
                        "io.micrometer..",
                        "jakarta..",
                        "io.tailrace.kit.boot..",
                        "io.tailrace.dispatcher")
                .check(CLASSES);
    }

    @Test
    void the_topologies_do_no_io() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.net..", "java.util.concurrent..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(KafkaStreams.class)
                .check(CLASSES);
    }

    @Test
    void the_topologies_read_no_clock() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .check(CLASSES);
    }
}
