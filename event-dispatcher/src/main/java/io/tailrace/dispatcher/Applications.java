package io.tailrace.dispatcher;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.series.SeriesPoint;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.dispatcher.feed.FeedSettings;
import io.tailrace.dispatcher.feed.FeedTopics;
import io.tailrace.dispatcher.feed.FeedTopology;
import io.tailrace.dispatcher.job.DeskSettings;
import io.tailrace.dispatcher.job.JobSettings;
import io.tailrace.dispatcher.job.JobTopics;
import io.tailrace.dispatcher.job.JobTopology;
import io.tailrace.dispatcher.metrics.MetricsSettings;
import io.tailrace.dispatcher.metrics.MetricsTopics;
import io.tailrace.dispatcher.metrics.MetricsTopology;
import io.tailrace.dispatcher.poison.DeadLetterForm;
import io.tailrace.dispatcher.schedule.FiringSettings;
import io.tailrace.dispatcher.schedule.ScheduleSettings;
import io.tailrace.dispatcher.schedule.ScheduleTopics;
import io.tailrace.dispatcher.schedule.ScheduleTopology;
import io.tailrace.dispatcher.seat.SeatSettings;
import io.tailrace.dispatcher.seat.SeatTopics;
import io.tailrace.dispatcher.seat.SeatTopology;
import io.tailrace.dispatcher.series.SeriesBounds;
import io.tailrace.dispatcher.series.SeriesTopics;
import io.tailrace.dispatcher.series.SeriesTopology;
import io.tailrace.kit.retention.ShowRetention;
import io.tailrace.kit.series.SeriesSettings;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.Topology;

/** The Streams applications of the dispatcher, as values. Pure. */
final class Applications {
    /** A change of the stores, the nodes' names or the meaning of what is stored takes the next number. */
    private static final int FEED_VERSION = 1;

    /** As {@link #FEED_VERSION}. */
    private static final int METRICS_VERSION = 1;

    /** As {@link #FEED_VERSION}. */
    private static final int SEATS_VERSION = 1;

    /** As {@link #FEED_VERSION}. */
    private static final int JOBS_VERSION = 1;

    /** As {@link #FEED_VERSION}. */
    private static final int SCHEDULES_VERSION = 1;

    /** As {@link #FEED_VERSION}. */
    private static final int SERIES_VERSION = 1;

    /**
     * The tasks of seats, jobs, schedules and series say themselves when there is something to tell. For Streams every call of their clocks is a reason to
     * commit, so at a short interval an instance without work would end a transaction in each. Never shorter than a rush's.
     */
    private static final Duration IDLE_COMMIT_INTERVAL = Duration.ofSeconds(1);

    /** Nothing of the metrics has to happen between two commits, and each sleep that ends is a turn of Streams' whole loop. */
    private static final int POLLS_PER_METRICS_COMMIT = 2;

    /** Points are told twice as often as readings, because what follows from a reading has two transactions behind it. */
    private static final int SERIES_COMMITS_PER_METRICS_COMMIT = 2;

    /** The windows that change within a transaction, of a thousand metrics and more; what does not fit is written sooner. */
    private static final long SERIES_CACHE_BYTES = 4 << 20;

    /** A cache would hold back what has to leave with the next commit, every few milliseconds. */
    private static final long NO_CACHE = 0;

    /** The same goes for the schedules between two looks. */
    private static final int POLLS_PER_SCHEDULE_LOOK = 2;

    /** What a derived record or a dead letter may have beyond the value that it carries: key and headers. */
    private static final int HEADROOM_BYTES = 65_536;

    /** What Kafka Streams keeps of ids beyond their time where they are few. */
    private static final Duration CHANGELOG_SLACK = Duration.ofDays(1);

    /** Of readings there is an id each, so a day more of them would be many times what the store has. */
    private static final Duration SERIES_CHANGELOG_SLACK = Duration.ofMinutes(10);

    private static final String NO_COMPRESSION = "none";

    private Applications() {}

    /**
     * One Streams application. Each topology is one of its own, so that each fails, scales and changes its version alone.
     *
     * @param id the application's id, with its version; it names the consumer group, the changelogs and the transactions
     * @param topology what it does
     * @param commitInterval how long one of its transactions collects records at most
     * @param pollInterval how long a thread without records sleeps at most
     * @param threads stream threads
     * @param compression of what it writes: {@code compression.type} of a producer
     * @param cacheBytes for writes to its stores within a transaction, for those of them that have a cache
     * @param changelogSlack how much longer than the store of recent ids its changelog keeps them. The store goes by the log's time and
     *     the broker by the wall clock: so far behind a task may be and still find all ids when it reads the changelog
     * @param form the form of its dead letters
     */
    record Application(
            String id,
            Topology topology,
            Duration commitInterval,
            Duration pollInterval,
            int threads,
            String compression,
            long cacheBytes,
            Duration changelogSlack,
            DeadLetterForm form) {}

    /**
     * All of them.
     *
     * @throws IllegalArgumentException if a namespace that is written to is not declared, or shows are forgotten too soon
     */
    static List<Application> all(
            DispatcherSettings settings,
            JobDispatchSettings jobs,
            ScheduleDispatchSettings schedules,
            SeriesSettings series,
            ShowRetention shows,
            Namespaces namespaces,
            JobQueues queues) {
        return List.of(
                feed(settings, namespaces),
                metrics(settings, namespaces),
                seats(settings, shows, namespaces),
                jobs(settings, jobs, namespaces, queues),
                schedules(settings, schedules, namespaces),
                series(settings, series, namespaces));
    }

    private static Application feed(DispatcherSettings settings, Namespaces namespaces) {
        DeadLetterForm form = form(settings, "feed");
        FeedTopics topics =
                new FeedTopics(Topics.FOLLOWS, Topics.POSTS, topic(namespaces, "feed"), topic(namespaces, "author"));
        FeedSettings feed = new FeedSettings(
                settings.fanOutThreshold(),
                settings.followersAtOnce(),
                settings.followersPerTurn(),
                settings.pollInterval(),
                settings.fanOutShare(),
                settings.repeatWindow(),
                Topics.FACT_PARTITIONS,
                settings.maxEventBytes(),
                settings.feedCommitInterval());
        return new Application(
                settings.applicationIdPrefix() + "-feed-v" + FEED_VERSION,
                FeedTopology.build(topics, feed, form, System::nanoTime),
                settings.feedCommitInterval(),
                settings.pollInterval(),
                settings.threads(),
                settings.feedCompression(),
                NO_CACHE,
                CHANGELOG_SLACK,
                form);
    }

    private static Application metrics(DispatcherSettings settings, Namespaces namespaces) {
        DeadLetterForm form = form(settings, "metrics");
        MetricsTopics topics = new MetricsTopics(Topics.METRICS, Topics.READINGS, topic(namespaces, "metrics"));
        MetricsSettings metrics =
                new MetricsSettings(settings.repeatWindow(), Topics.FACT_PARTITIONS, settings.maxEventBytes());
        return new Application(
                settings.applicationIdPrefix() + "-metrics-v" + METRICS_VERSION,
                MetricsTopology.build(topics, metrics, form),
                settings.metricsCommitInterval(),
                longer(settings.pollInterval(), settings.metricsCommitInterval().dividedBy(POLLS_PER_METRICS_COMMIT)),
                settings.threads(),
                NO_COMPRESSION,
                NO_CACHE,
                CHANGELOG_SLACK,
                form);
    }

    private static Application seats(DispatcherSettings settings, ShowRetention shows, Namespaces namespaces) {
        Duration least = SeatSettings.leastForgetAfter(settings.repeatWindow());
        if (shows.forgetAfter().compareTo(least) < 0) {
            throw new IllegalArgumentException("tailrace.shows.forget-after: " + shows.forgetAfter()
                    + ", expected at least twice repeat-window and two hours, " + least);
        }
        DeadLetterForm form = form(settings, "seats");
        SeatTopics topics = new SeatTopics(
                Topics.SHOWS,
                Topics.SEAT_COMMANDS,
                Topics.SEAT_EVENTS,
                topic(namespaces, "show"),
                topic(namespaces, "user"));
        SeatSettings seats = new SeatSettings(
                Topics.FACT_PARTITIONS,
                settings.maxEventBytes(),
                settings.expiryInterval(),
                settings.expiriesPerTurn(),
                settings.repeatWindow(),
                shows.forgetAfter(),
                settings.commitInterval(),
                settings.rush(),
                settings.rushCommitInterval());
        return new Application(
                settings.applicationIdPrefix() + "-seats-v" + SEATS_VERSION,
                SeatTopology.build(topics, seats, form),
                longer(IDLE_COMMIT_INTERVAL, settings.rushCommitInterval()),
                settings.pollInterval(),
                settings.seatThreads(),
                NO_COMPRESSION,
                NO_CACHE,
                CHANGELOG_SLACK,
                form);
    }

    private static Application jobs(
            DispatcherSettings settings, JobDispatchSettings jobs, Namespaces namespaces, JobQueues queues) {
        DeadLetterForm form = form(settings, "jobs");
        JobTopics topics = new JobTopics(
                Topics.JOB_COMMANDS, Topics.JOB_EVENTS, topic(namespaces, "job"), topic(namespaces, "jobs"));
        DeskSettings desk = new DeskSettings(
                jobs.lease(), jobs.releaseTimeout(), jobs.keepFinished(), jobs.keepDead(), jobs.releasesPerTurn());
        JobSettings bounds = new JobSettings(
                Topics.FACT_PARTITIONS,
                settings.maxEventBytes(),
                queues,
                jobs.lookInterval(),
                jobs.perTurn(),
                desk,
                jobs.quiet(),
                settings.commitInterval(),
                settings.rush(),
                settings.rushCommitInterval());
        return new Application(
                settings.applicationIdPrefix() + "-jobs-v" + JOBS_VERSION,
                JobTopology.build(topics, bounds, form),
                longer(IDLE_COMMIT_INTERVAL, settings.rushCommitInterval()),
                settings.pollInterval(),
                jobs.threads(),
                NO_COMPRESSION,
                NO_CACHE,
                CHANGELOG_SLACK,
                form);
    }

    private static Application schedules(
            DispatcherSettings settings, ScheduleDispatchSettings schedules, Namespaces namespaces) {
        DeadLetterForm form = form(settings, "schedules");
        ScheduleTopics topics = new ScheduleTopics(Topics.SCHEDULES, Topics.JOB_COMMANDS, topic(namespaces, "jobs"));
        ScheduleSettings bounds = new ScheduleSettings(
                Topics.FACT_PARTITIONS,
                settings.maxEventBytes(),
                schedules.lookInterval(),
                schedules.perTurn(),
                new FiringSettings(schedules.inTime(), schedules.catchUp()),
                settings.commitInterval());
        return new Application(
                settings.applicationIdPrefix() + "-schedules-v" + SCHEDULES_VERSION,
                ScheduleTopology.build(topics, bounds, form),
                IDLE_COMMIT_INTERVAL,
                longer(settings.pollInterval(), schedules.lookInterval().dividedBy(POLLS_PER_SCHEDULE_LOOK)),
                1,
                NO_COMPRESSION,
                NO_CACHE,
                CHANGELOG_SLACK,
                form);
    }

    private static Application series(DispatcherSettings settings, SeriesSettings series, Namespaces namespaces) {
        DeadLetterForm form = form(settings, "series");
        SeriesTopics topics = new SeriesTopics(Topics.READINGS, topic(namespaces, SeriesPoint.NAMESPACE));
        Duration commitInterval = settings.metricsCommitInterval().dividedBy(SERIES_COMMITS_PER_METRICS_COMMIT);
        SeriesBounds bounds = new SeriesBounds(
                series.all(),
                series.grace(),
                series.ahead(),
                Topics.FACT_PARTITIONS,
                settings.maxEventBytes(),
                commitInterval);
        return new Application(
                settings.applicationIdPrefix() + "-series-v" + SERIES_VERSION,
                SeriesTopology.build(topics, bounds, form),
                longer(IDLE_COMMIT_INTERVAL, commitInterval),
                longer(settings.pollInterval(), commitInterval),
                1,
                NO_COMPRESSION,
                SERIES_CACHE_BYTES,
                SERIES_CHANGELOG_SLACK,
                form);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static DeadLetterForm form(DispatcherSettings settings, String topology) {
        return new DeadLetterForm(
                Topics.DEAD_LETTERS, "event-dispatcher/" + topology, settings.maxEventBytes() + HEADROOM_BYTES);
    }

    private static String topic(Namespaces namespaces, String namespace) {
        return namespaces
                .of(new Channel(namespace))
                .map(Namespace::topic)
                .orElseThrow(() -> new IllegalArgumentException(
                        "namespace " + namespace + " is not declared, but the dispatcher writes to its channels"));
    }
}
