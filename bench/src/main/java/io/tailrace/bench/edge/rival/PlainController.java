package io.tailrace.bench.edge.rival;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.sse.Event;
import jakarta.annotation.PostConstruct;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** What a team would write first: a sink for each channel, and a publisher of events for each connection. */
@Controller
@Requires(property = "bench.plain.topics")
final class PlainController {

    private final List<String> topics;
    private final Map<String, Sinks.Many<Event<String>>> sinks = new ConcurrentHashMap<>();

    PlainController(@Value("${bench.plain.topics}") List<String> topics) {
        this.topics = topics;
    }

    @PostConstruct
    void tail() {
        TopicTail.start(topics, this::publish);
    }

    @Get(uri = "/events", produces = MediaType.TEXT_EVENT_STREAM)
    Publisher<Event<String>> events(@QueryValue String channels) {
        Flux<Event<String>> live = Flux.fromArray(channels.split(","))
                .flatMap(channel -> sink(channel).asFlux().onBackpressureBuffer());
        // Without a first event Micronaut sends no head; it comes last, when there is a place for all that follows.
        return Flux.merge(live, Flux.just(Event.of("{}").name("open")));
    }

    private Sinks.Many<Event<String>> sink(String channel) {
        return sinks.computeIfAbsent(channel, name -> Sinks.many().multicast().directBestEffort());
    }

    private void publish(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Sinks.Many<Event<String>> sink = sinks.get(TopicTail.channel(record));
            if (sink != null) {
                sink.tryEmitNext(Event.of(TopicTail.envelope(record))
                        .id(TopicTail.id(record))
                        .name("tick"));
            }
        }
    }
}
