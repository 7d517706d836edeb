package io.tailrace.standalone.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.dispatcher.channel.TracedContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom. What poms say is in {@link HouseRulesTest}; here is what the classes do. */
class LayeringTest {
    /** Cores: whatever they need of the world is passed in. */
    private static final String[] PURE = {
        "io.tailrace.contracts..",
        "io.tailrace.edge.window..",
        "io.tailrace.edge.stream..",
        "io.tailrace.edge.replay.plan..",
        "io.tailrace.edge.watch.."
    };

    /** Cores that live beside their topologies: the decisions on seats and on jobs. */
    private static final Set<String> DECISIONS = Set.of(
            "io.tailrace.dispatcher.job.DeskSettings",
            "io.tailrace.dispatcher.job.Jitter",
            "io.tailrace.dispatcher.job.JobAttempts",
            "io.tailrace.dispatcher.job.JobBook",
            "io.tailrace.dispatcher.job.JobDesk",
            "io.tailrace.dispatcher.job.JobEffect",
            "io.tailrace.dispatcher.job.JobEndings",
            "io.tailrace.dispatcher.job.JobLedger",
            "io.tailrace.dispatcher.job.JobPhase",
            "io.tailrace.dispatcher.job.JobReleases",
            "io.tailrace.dispatcher.job.JobRequests",
            "io.tailrace.dispatcher.job.KeyState",
            "io.tailrace.dispatcher.job.QueueCounts",
            "io.tailrace.dispatcher.job.QueueKey",
            "io.tailrace.dispatcher.job.QueueState",
            "io.tailrace.dispatcher.job.Rate",
            "io.tailrace.dispatcher.job.StoredJob",
            "io.tailrace.dispatcher.job.UniqueClaim",
            "io.tailrace.dispatcher.job.Uptake",
            "io.tailrace.dispatcher.seat.PastDecision",
            "io.tailrace.dispatcher.seat.Booking",
            "io.tailrace.dispatcher.seat.Holdings",
            "io.tailrace.dispatcher.seat.SeatBook",
            "io.tailrace.dispatcher.seat.SeatChange",
            "io.tailrace.dispatcher.seat.SeatDesk");

    /** Topologies: Kafka Streams is their language, and nothing else may enter. */
    private static final String[] TOPOLOGIES = {
        "io.tailrace.dispatcher.channel..",
        "io.tailrace.dispatcher.feed..",
        "io.tailrace.dispatcher.job..",
        "io.tailrace.dispatcher.metrics..",
        "io.tailrace.dispatcher.poison..",
        "io.tailrace.dispatcher.seat.."
    };

    private static final DescribedPredicate<JavaClass> CORE = resideInAnyPackage(PURE)
            .or(DescribedPredicate.describe(
                    "the decisions on seats and jobs",
                    type -> DECISIONS.contains(outermost(type).getName())));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tailrace");

    private static final DescribedPredicate<JavaClass> KAFKA_NETTY_OR_A_FRAMEWORK = resideInAnyPackage(
            "org.apache.kafka..",
            "io.netty..",
            "io.micronaut..",
            "jakarta..",
            "io.lettuce..",
            "io.opentelemetry..",
            "reactor..");

    private static final DescribedPredicate<JavaClass> FILES_OR_SOCKETS = resideInAnyPackage(
                    "java.io..",
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.net..",
                    "java.net.http..",
                    "java.sql..")
            // What exceptions and enums bring along, and streams over an array, are no way to reach anything.
            .and(not(JavaClass.Predicates.belongToAnyOf(
                    Serializable.class,
                    IOException.class,
                    UncheckedIOException.class,
                    ByteArrayInputStream.class,
                    ByteArrayOutputStream.class,
                    DataInputStream.class,
                    DataOutputStream.class,
                    InputStream.class,
                    OutputStream.class)));

    private static final DescribedPredicate<JavaClass> THREADS = DescribedPredicate.describe("threads", type -> Set.of(
                    "java.lang.Thread",
                    "java.util.concurrent.Executors",
                    "java.util.concurrent.ThreadLocalRandom",
                    "java.util.Timer")
            .contains(type.getName()));

    private static final DescribedPredicate<JavaAccess<?>> A_CLOCK_OR_DICE_OF_ITS_OWN =
            DescribedPredicate.describe("a clock or dice of its own", access -> {
                String owner = access.getTargetOwner().getName();
                String name = access.getName();
                return switch (owner) {
                    case "java.lang.System" -> name.equals("nanoTime") || name.equals("currentTimeMillis");
                    case "io.tailrace.kit.time.MonotonicTime" -> true;
                    case "java.lang.Math" -> name.equals("random");
                    case "java.time.Instant", "java.time.LocalDate", "java.time.LocalDateTime" -> name.equals("now");
                    case "java.time.Clock", "java.time.InstantSource" -> name.startsWith("system");
                    case "java.util.Random", "java.security.SecureRandom" -> name.equals("<init>");
                    case "java.util.UUID" -> name.equals("randomUUID");
                    default -> false;
                };
            });

    @Test
    void contractsKnowTheJdkOnly() {
        classes()
                .that()
                .resideInAPackage("io.tailrace.contracts..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "io.tailrace.contracts..", "org.jspecify.."))
                .check(CLASSES);
    }

    @Test
    void theKitKnowsContractsOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.tailrace.kit..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.tailrace..")
                        .and(not(resideInAnyPackage("io.tailrace.contracts..", "io.tailrace.kit.."))))
                .check(CLASSES);
    }

    @Test
    void outboundRequestsKnowNoFramework() {
        noClasses()
                .that()
                .resideInAPackage("io.tailrace.kit.outbound")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "io.micronaut..", "jakarta..", "io.netty..", "io.tailrace.kit.outbound.config.."))
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatcher", "edge", "projections", "workers", "search"})
    void aServiceKnowsNoOtherService(String service) {
        String own = "io.tailrace." + service + "..";
        noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(resideInAPackage("io.tailrace..")
                        .and(not(resideInAnyPackage(
                                own, "io.tailrace.contracts..", "io.tailrace.kit..", "io.tailrace.grpc.."))))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void migrationsKnowNobody() {
        noClasses()
                .that()
                .resideInAPackage("io.tailrace.migrations..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.tailrace..").and(not(resideInAPackage("io.tailrace.migrations.."))))
                .check(CLASSES);
    }

    @Test
    void nobodyKnowsTheComposition() {
        noClasses()
                .that(resideInAPackage("io.tailrace..").and(not(resideInAPackage("io.tailrace.standalone.."))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tailrace.standalone..")
                .check(CLASSES);
    }

    @Test
    void coresKnowNeitherKafkaNorNettyNorAFramework() {
        noClasses()
                .that(CORE)
                .should()
                .dependOnClassesThat(KAFKA_NETTY_OR_A_FRAMEWORK)
                .check(CLASSES);
    }

    @Test
    void coresKnowNeitherFilesNorSockets() {
        noClasses()
                .that(CORE)
                // The files of namespaces, queues and job types that every service reads.
                .and(not(JavaClass.Predicates.belongToAnyOf(Namespaces.class, JobQueues.class, JobTypes.class)))
                .should()
                .dependOnClassesThat(FILES_OR_SOCKETS)
                .check(CLASSES);
    }

    @Test
    void coresHaveNoThreadNoClockAndNoDice() {
        noClasses()
                .that(CORE)
                .should()
                .dependOnClassesThat(THREADS)
                .orShould()
                .accessTargetWhere(A_CLOCK_OR_DICE_OF_ITS_OWN)
                .check(CLASSES);
    }

    @Test
    void topologiesKnowNoFrameworkNoFileAndNoSocket() {
        noClasses()
                .that()
                .resideInAnyPackage(TOPOLOGIES)
                // Streams' own context, which it passes on, has the folder of the state.
                .and(not(JavaClass.Predicates.belongToAnyOf(TracedContext.class)))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.netty..", "io.micronaut..", "jakarta..", "io.tailrace.kit.boot.."))
                .orShould()
                .dependOnClassesThat(FILES_OR_SOCKETS)
                .check(CLASSES);
    }

    /** A rule about a package that was renamed would hold for ever. */
    @Test
    void everyCoreAndTopologyIsThere() {
        assertThat(Stream.concat(Arrays.stream(PURE), Arrays.stream(TOPOLOGIES)))
                .allMatch(name -> CLASSES.stream().anyMatch(resideInAPackage(name)));
        assertThat(DECISIONS).allMatch(CLASSES::contain);
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(LayeringTest::outermost).orElse(type);
    }
}
