package io.tailrace.projections;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.configuration.kafka.annotation.KafkaClient;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.env.Environment;
import io.micronaut.jdbc.DataSourceResolver;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.series.SeriesPoint;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.broker.ProducerConfiguration;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.DeadLetterSender;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.LoopHealth;
import io.tailrace.kit.consume.LoopThreads;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.consume.TopicLookup;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import io.tailrace.kit.redis.RedisLink;
import io.tailrace.kit.retention.ShowRetention;
import io.tailrace.kit.series.SeriesSettings;
import io.tailrace.projections.dashboard.DashboardProjection;
import io.tailrace.projections.dashboard.DashboardRows;
import io.tailrace.projections.drive.KafkaClients;
import io.tailrace.projections.drive.ProjectionLoop;
import io.tailrace.projections.feed.FeedProjection;
import io.tailrace.projections.feed.FeedRows;
import io.tailrace.projections.follow.FollowProjection;
import io.tailrace.projections.follow.FollowRows;
import io.tailrace.projections.job.JobChange;
import io.tailrace.projections.job.JobLogProjection;
import io.tailrace.projections.job.JobLogRows;
import io.tailrace.projections.job.JobProjection;
import io.tailrace.projections.job.JobRows;
import io.tailrace.projections.job.QueueCounts;
import io.tailrace.projections.metric.MetricProjection;
import io.tailrace.projections.metric.MetricRows;
import io.tailrace.projections.position.Copy;
import io.tailrace.projections.position.PositionStore;
import io.tailrace.projections.post.PostProjection;
import io.tailrace.projections.post.PostRows;
import io.tailrace.projections.schedule.ScheduleProjection;
import io.tailrace.projections.schedule.ScheduleRows;
import io.tailrace.projections.seat.HoldRequestProjection;
import io.tailrace.projections.seat.HoldRequestRows;
import io.tailrace.projections.seat.ReservationProjection;
import io.tailrace.projections.seat.ReservationRows;
import io.tailrace.projections.seat.SeatMapStore;
import io.tailrace.projections.seat.SeatsProjection;
import io.tailrace.projections.seat.TakenSeatRows;
import io.tailrace.projections.series.PointProjection;
import io.tailrace.projections.series.PointRows;
import io.tailrace.projections.series.ReadingProjection;
import io.tailrace.projections.series.ReadingRows;
import io.tailrace.projections.show.ShowProjection;
import io.tailrace.projections.show.ShowRows;
import io.tailrace.projections.trim.CopyTrim;
import io.tailrace.projections.upload.UploadProjection;
import io.tailrace.projections.upload.UploadRows;
import io.tailrace.projections.user.UserProjection;
import io.tailrace.projections.user.UserRows;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** Puts the projections together with the servers that they stand between. */
@Factory
final class ProjectionsFactory {
    private static final String DEAD_LETTERS = "projections-dead-letters";
    private static final String COUNTS = "projections-queue-counts";

    /** Every projection of the platform. */
    static List<Copy<?>> copies(Namespaces namespaces, SeriesSettings series, Consumer<JobChange> jobs) {
        List<Copy<?>> copies = new ArrayList<>(List.of(
                new Copy<>(new UserProjection(), new UserRows()),
                new Copy<>(new FollowProjection(), new FollowRows()),
                new Copy<>(new PostProjection(), new PostRows()),
                new Copy<>(new MetricProjection(), new MetricRows()),
                new Copy<>(new DashboardProjection(), new DashboardRows()),
                new Copy<>(new UploadProjection(), new UploadRows()),
                new Copy<>(new ShowProjection(), new ShowRows()),
                new Copy<>(new HoldRequestProjection(), new HoldRequestRows()),
                new Copy<>(new ReservationProjection(), new ReservationRows()),
                new Copy<>(new JobProjection(), new JobRows(jobs)),
                new Copy<>(new JobLogProjection(), new JobLogRows()),
                new Copy<>(new ScheduleProjection(), new ScheduleRows()),
                new Copy<>(new ReadingProjection(), new ReadingRows(series.readings(), series.ahead()))));
        namespaces
                .of(new Channel("feed"))
                .ifPresent(feed -> copies.add(new Copy<>(new FeedProjection(feed), new FeedRows())));
        namespaces
                .of(new Channel(SeriesPoint.NAMESPACE))
                .ifPresent(channels -> copies.add(
                        new Copy<>(new PointProjection(channels, series.all()), new PointRows(series.all()))));
        namespaces
                .of(new Channel("show"))
                .ifPresent(
                        show -> copies.add(new Copy<>(new SeatsProjection("taken_seats", show), new TakenSeatRows())));
        return copies;
    }

    @Singleton
    KafkaClients projectionsKafkaClients(KafkaSettings kafka, ProjectionsSettings settings) {
        return new KafkaClients(kafka, settings);
    }

    @Singleton
    @Named("projections")
    @Bean(preDestroy = "close")
    TopicLookup projectionsTopicLookup(KafkaClients clients) {
        return new TopicLookup(clients.admin());
    }

    @Singleton
    @Primary
    @Named(DEAD_LETTERS)
    ProducerConfiguration projectionsDeadLetters(
            Environment environment, KafkaSettings kafka, ProjectionsSettings settings) {
        return new ProducerConfiguration(environment, kafka, DEAD_LETTERS, settings.deadLetterTimeout());
    }

    @Singleton
    @Named("projections")
    @Bean(preDestroy = "close")
    DeadLetterSender projectionsDeadLetterSender(@KafkaClient(DEAD_LETTERS) Producer<byte[], byte[]> producer) {
        return new DeadLetterSender(producer);
    }

    @Singleton
    @Primary
    @Named(COUNTS)
    ProducerConfiguration projectionsQueueCounts(
            Environment environment, KafkaSettings kafka, ProjectionsSettings settings) {
        return new ProducerConfiguration(environment, kafka, COUNTS, settings.brokerTimeout());
    }

    @Singleton
    QueueCounts queueCounts(
            @Named("projections") DataSource dataSource,
            @Nullable DataSourceResolver resolver,
            @KafkaClient(COUNTS) Producer<byte[], byte[]> producer,
            Namespaces namespaces,
            MeterRegistry registry,
            ProjectionsSettings settings) {
        return new QueueCounts(
                resolver == null ? dataSource : resolver.resolve(dataSource),
                Math.toIntExact(settings.databaseTimeout().toMillis()),
                producer,
                namespaces,
                InstantSource.system(),
                registry);
    }

    /** Begun with the application, ended with it. */
    @Context
    @Named("projections")
    @Bean(preDestroy = "close")
    LoopThreads projections(
            Namespaces namespaces,
            @Named("projections") DataSource dataSource,
            @Nullable DataSourceResolver resolver,
            ProjectionLoop.Ports ports,
            TopicProvisioner provisioner,
            RedisLink redis,
            ShowRetention shows,
            SeriesSettings series,
            TrimSettings trim,
            QueueCounts counts) {
        // Beside Micronaut Data the bean is a proxy that wants a transaction of its own; ours are wider than a method.
        DataSource plain = resolver == null ? dataSource : resolver.resolve(dataSource);
        List<Loop> loops = new ArrayList<>();
        for (Copy<?> copy : copies(namespaces, series, counts::changed)) {
            loops.add(loop(copy, plain, ports));
        }
        namespaces
                .of(new Channel("show"))
                .ifPresent(show -> loops.add(ProjectionLoop.of(
                        new SeatsProjection("seat_maps", show),
                        new SeatMapStore(redis, ports.settings().seatMapCheck().toMillis()),
                        ports)));
        ProjectionsSettings settings = ports.settings();
        loops.add(trim(namespaces, plain, ports, redis, shows, series, trim));
        loops.add(supervised("queue-counts", counts, ports));
        LoopThreads threads = new LoopThreads(
                "projection",
                loops,
                () -> provisioner.provision(Topics.all(namespaces)),
                settings.retryLongest(),
                settings.stopTimeout());
        threads.bindTo(ports.registry());
        threads.start();
        return threads;
    }

    @Singleton
    @Named("projections")
    HealthIndicator projectionsHealth(@Named("projections") LoopThreads threads) {
        return new LoopHealth("projections", threads.loops());
    }

    @Singleton
    ProjectionLoop.Ports ports(
            KafkaClients clients,
            @Named("projections") TopicLookup topics,
            @Named("projections") DeadLetterSender deadLetters,
            MeterRegistry registry,
            ProjectionsSettings settings) {
        return new ProjectionLoop.Ports(clients, topics, deadLetters, registry, settings);
    }

    private static Loop trim(
            Namespaces namespaces,
            DataSource dataSource,
            ProjectionLoop.Ports ports,
            RedisLink redis,
            ShowRetention shows,
            SeriesSettings series,
            TrimSettings bounds) {
        ProjectionsSettings settings = ports.settings();
        Duration feed = namespaces
                .of(new Channel("feed"))
                .map(Namespace::retention)
                // Nobody writes feeds then, and what is left of them stays.
                .orElse(Duration.ofDays(36_500));
        CopyTrim trim = new CopyTrim(
                dataSource,
                Math.toIntExact(settings.databaseTimeout().toMillis()),
                show -> namespaces
                        .of(new Channel("show"))
                        .map(namespace -> SeatMapStore.forget(redis, show, namespace.partitions()))
                        .orElse(false),
                new CopyTrim.Bounds(
                        shows.forgetAfter(),
                        feed,
                        bounds.jobs(),
                        series.all(),
                        series.readings(),
                        bounds.rows(),
                        bounds.interval(),
                        bounds.pass()),
                ports.registry());
        return supervised("trim", trim, ports);
    }

    private static Loop supervised(String name, SupervisedLoop.Body body, ProjectionLoop.Ports ports) {
        ProjectionsSettings settings = ports.settings();
        SupervisedLoop loop = new SupervisedLoop(
                name, new Backoff(settings.retryFirst(), settings.retryLongest(), RandomGenerator.getDefault()), body);
        loop.bindTo(ports.registry());
        return loop;
    }

    private static <C> Loop loop(Copy<C> copy, DataSource dataSource, ProjectionLoop.Ports ports) {
        int timeoutMs = Math.toIntExact(ports.settings().databaseTimeout().toMillis());
        return ProjectionLoop.of(copy.projection(), new PositionStore<>(dataSource, copy, timeoutMs), ports);
    }
}
