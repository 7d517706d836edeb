package io.tailrace.ingest.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipientsTest {
    private static final UUID PERSON = UUID.fromString("0198c0de-0000-7000-8000-000000000001");

    @Test
    void recipientsAreReadByName() throws IOException {
        Recipients recipients = Recipients.read(new StringReader(
                "b.telegram=@news\na.email=a@example.org\na.telegram=-5\na.severities=critical, error\n"
                        + "c.person=0198c0de-0000-7000-8000-000000000001\n"));

        assertThat(recipients.all())
                .containsExactly(
                        new Recipients.Recipient("a", "a@example.org", -5L, null, Set.of("critical", "error")),
                        new Recipients.Recipient("b", null, "@news", null, Set.of()),
                        new Recipients.Recipient("c", null, null, PERSON, Set.of()));
        assertThat(recipients.people()).containsExactly(PERSON);
        assertThat(recipients.all().getFirst().wants("info")).isFalse();
        assertThat(recipients.all().getLast().wants("info")).isTrue();
    }

    @Test
    void everyFaultOfAFileIsTold(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("notify.properties"),
                "a.email=nobody\nb.telegram=a b\nc.severities=Bad\nd.phone=1\ne.email=e@example.org\nf.person=Ada\n"
                        + "g.person=" + PERSON + "\ng.email=g@example.org\n");

        assertThatThrownBy(() -> Recipients.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("a.email: expected")
                .hasMessageContaining("b.telegram: expected")
                .hasMessageContaining("c.severities: expected")
                .hasMessageContaining("c: has neither email, telegram nor person")
                .hasMessageContaining("f.person: expected the id")
                .hasMessageContaining("g: has a person")
                .hasMessageContaining("d.phone: unknown");
    }

    @Test
    void aFileWithoutRecipientsIsRefused() {
        assertThatThrownBy(() -> Recipients.read(new StringReader("# nobody\n")))
                .hasMessageContaining("0 recipients");
    }
}
