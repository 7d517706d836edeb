package io.tailrace.standalone.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.standalone.data.DataFolder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertyValueTest {
    private final Locale before = Locale.getDefault();

    @AfterEach
    void restore() {
        Locale.setDefault(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/tr jörg",
                "/日本/😀",
                "/a=b:c#d!e",
                "/back\\slash\\u0041",
                "/quotes'\"",
                " leading",
                "/trailing ",
                "/tab\there",
            })
    void isReadAsItWasWrittenByWhoTakesTheBytesForLatin1(String text) throws Exception {
        String line = "log.dirs=" + PropertyValue.escaped(text) + "\n";
        assertThat(read(line)).containsEntry("log.dirs", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fa-IR", "mr-IN-u-nu-deva", "ar-EG", "ar-EG-u-nu-arab", "tr-TR", "de-DE", "en"})
    void theBrokersSettingsAreTheSameInEveryLocale(String language) throws Exception {
        // given
        Locale.setDefault(Locale.forLanguageTag(language));
        Path data = Path.of("/tr jörg");
        KafkaBroker broker = new KafkaBroker(new Installation(Path.of("/")), new DataFolder(data), 29_092, 29_093);
        // when
        Properties settings = read(broker.properties(data.resolve("kafka/log")));
        // then
        assertThat(settings)
                .containsEntry("listeners", "PLAINTEXT://127.0.0.1:29092,CONTROLLER://127.0.0.1:29093")
                .containsEntry("controller.quorum.voters", "1@127.0.0.1:29093")
                .containsEntry("log.dirs", "/tr jörg/kafka/log");
    }

    /** As Kafka does ({@code Utils.loadProps}). */
    private static Properties read(String text) throws Exception {
        Properties properties = new Properties();
        properties.load(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        return properties;
    }
}
