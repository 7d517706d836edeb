package io.tailrace.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What tests may expect of the provider of this run, whichever it is. */
@Tag("server")
class BackendsTest {
    private static final Backends BACKENDS = Backends.chosen();

    @Test
    void a_name_of_no_provider_is_refused() {
        assertThatThrownBy(() -> Backends.named("docker"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("-Dbackends=docker: expected embedded or testcontainers");
    }

    @Test
    void the_default_needs_no_class_of_docker() throws Exception {
        List<URL> withoutDocker = Stream.of(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("testcontainers") && !entry.contains("docker-java"))
                .map(BackendsTest::url)
                .toList();
        try (URLClassLoader loader =
                new URLClassLoader(withoutDocker.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> type = loader.loadClass(Backends.class.getName());
            Object backends = type.getMethod("named", String.class).invoke(null, Backends.DEFAULT);

            try (AutoCloseable redis = (AutoCloseable) type.getMethod("redis").invoke(backends)) {
                assertThat(redis.getClass().getClassLoader()).isSameAs(loader);
            }
            assertThatThrownBy(() -> loader.loadClass("org.testcontainers.containers.GenericContainer"))
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Images.class)
    void an_image_is_the_one_that_is_deployed(Images image) throws Exception {
        StringBuilder composed = new StringBuilder();
        for (String file : List.of("compose.yml", "compose.kafka.yml", "compose.elastic.yml")) {
            composed.append(Files.readString(Path.of("..", "deploy", file)));
        }
        assertThat(composed.toString().lines().map(String::strip)).contains("image: " + image.pinned());
    }

    @Test
    void a_broker_comes_back_at_its_address_with_its_records_while_the_other_stays() throws Exception {
        try (KafkaCluster kafka = BACKENDS.kafka(2, Map.of("message.max.bytes", "2000000"));
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            // given
            String bootstrap = kafka.bootstrap();
            admin.createTopics(List.of(new NewTopic("t", Map.of(0, List.of(0), 1, List.of(1)))))
                    .all()
                    .get();
            try (KafkaProducer<String, String> producer = producer(bootstrap)) {
                producer.send(new ProducerRecord<>("t", 1, "k", "kept".repeat(400_000)))
                        .get();

                // when
                kafka.stop(1);
                producer.send(new ProducerRecord<>("t", 0, "k", "meanwhile")).get();
                kafka.start(1);
            }

            // then
            assertThat(kafka.bootstrap()).isEqualTo(bootstrap);
            assertThat(first(bootstrap, 1)).startsWith("keptkept");
            assertThat(first(bootstrap, 0)).isEqualTo("meanwhile");
            assertThat(admin.listTopics().names().get()).containsExactly("t");
        }
    }

    @Test
    void a_lone_broker_comes_back_at_its_address_with_its_records() throws Exception {
        try (KafkaCluster kafka = BACKENDS.kafka(1, Map.of());
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
            try (KafkaProducer<String, String> producer = producer(kafka.bootstrap())) {
                producer.send(new ProducerRecord<>("t", "k", "kept")).get();

                kafka.stop(0);
                kafka.start(0);

                producer.send(new ProducerRecord<>("t", "k", "later")).get();
            }
            assertThat(first(kafka.bootstrap(), 0)).isEqualTo("kept");
        }
    }

    @Test
    void postgres_comes_back_at_its_address_with_its_data() throws Exception {
        try (Server postgres = BACKENDS.postgres()) {
            String url = "jdbc:postgresql://" + postgres.address() + "/postgres?user=postgres";
            execute(url, "create table kept (id int); insert into kept values (7)");

            postgres.stop();
            assertThatThrownBy(() -> execute(url, "select 1")).isInstanceOf(SQLException.class);
            postgres.start();
            postgres.start();

            try (Connection connection = DriverManager.getConnection(url);
                    ResultSet row = connection.createStatement().executeQuery("select id from kept")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(7);
            }
        }
    }

    @Test
    void redis_comes_back_at_its_address_with_nothing() throws Exception {
        try (Server redis = BACKENDS.redis()) {
            assertThat(say(redis, "SET k v")).isEqualTo("+OK");
            assertThat(say(redis, "EXISTS k")).isEqualTo(":1");

            redis.stop();
            assertThatThrownBy(() -> say(redis, "EXISTS k")).isInstanceOf(IOException.class);
            redis.start();

            assertThat(say(redis, "EXISTS k")).isEqualTo(":0");
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(entry, e);
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrap) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "max.request.size", "2000000"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static String first(String bootstrap, int partition) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new StringDeserializer(), new StringDeserializer())) {
            TopicPartition where = new TopicPartition("t", partition);
            consumer.assign(List.of(where));
            consumer.seekToBeginning(List.of(where));
            ConsumerRecords<String, String> records = ConsumerRecords.empty();
            for (Instant deadline = Instant.now().plusSeconds(120); records.isEmpty(); ) {
                assertThat(Instant.now()).as("the first record of " + where).isBefore(deadline);
                records = consumer.poll(Duration.ofSeconds(1));
            }
            return records.iterator().next().value();
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String say(Server redis, String command) throws IOException {
        URI where = URI.create("redis://" + redis.address());
        try (Socket socket = new Socket(where.getHost(), where.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            StringBuilder line = new StringBuilder();
            for (int c = socket.getInputStream().read();
                    c != '\r' && c >= 0;
                    c = socket.getInputStream().read()) {
                line.append((char) c);
            }
            return line.toString();
        }
    }
}
