package io.tailrace.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Values and templates of the chart agree with each other and with the settings. Neither helm nor a cluster is at hand, so templates are read as text. */
class ChartTest {
    private static final Pattern VALUE = Pattern.compile("(?:\\$|\\.root)?\\.Values\\.([A-Za-z.]+)");
    private static final Pattern VARIABLE = Pattern.compile("name: (TAILRACE_[A-Z0-9_]+)");
    private static final Pattern SETTING = Pattern.compile("(?m)^\\| `(TAILRACE_[A-Z0-9_]+)` \\|");
    private static final Pattern MOUNT = Pattern.compile("name: ([a-z-]+), mountPath: (/[a-z/-]+)");
    private static final Pattern MOUNTED_FILE =
            Pattern.compile("name: [A-Z_]+, value: (/etc/tailrace/([a-z-]+)/[a-z.]+)}");

    /** Of the start script of the images, which no service reads. */
    private static final Set<String> OF_IMAGES = Set.of("TAILRACE_HEAP_PERCENT");

    private final Path root = SourceTree.here().root();
    private final Path chart = root.resolve("deploy/helm/tailrace");
    private final Map<String, String> templates = new TreeMap<>();
    private Map<String, Object> values;

    @BeforeEach
    void read() throws IOException {
        try (Stream<Path> files = Files.list(chart.resolve("templates"))) {
            for (Path file : files.toList()) {
                templates.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        values = new Yaml().load(Files.readString(chart.resolve("values.yaml")));
    }

    private String template(String name) {
        return String.valueOf(templates.get(name));
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(String.valueOf(matcher.group(1)));
        }
        return found;
    }

    /** A template that reads a value which nobody declares gets nothing, and nothing says so. */
    @Test
    void whatTemplatesReadIsInTheValues() {
        Set<String> used = found(VALUE, String.join("\n", templates.values()));

        assertThat(used).contains("answers.providersFile", "networkPolicy.models");
        assertThat(used).allSatisfy(path -> {
            Object value = values;
            for (String name : path.split("\\.", -1)) {
                Map<?, ?> declared = value instanceof Map<?, ?> map ? map : Map.of();
                assertThat(declared.containsKey(name))
                        .as("%s of %s is declared", name, path)
                        .isTrue();
                value = declared.get(name);
            }
        });
    }

    @Test
    void variablesThatTemplatesSetAreSettings() throws IOException {
        Set<String> settings = found(SETTING, Files.readString(root.resolve("docs/configuration.md")));
        Set<String> set = found(VARIABLE, String.join("\n", templates.values()));
        set.removeAll(OF_IMAGES);

        assertThat(set).contains("TAILRACE_ANSWERS_PROVIDERS_FILE");
        assertThat(settings).containsAll(set);
    }

    @Test
    void filesThatVariablesNameAreInAFolderThatIsMounted() {
        String text = template("services.yaml") + template("_helpers.tpl");
        Map<String, String> mounts = new TreeMap<>();
        MOUNT.matcher(text).results().forEach(mount -> mounts.put(mount.group(1), mount.group(2)));

        List<String> folders = MOUNTED_FILE
                .matcher(text)
                .results()
                .map(file -> String.valueOf(file.group(2)))
                .toList();
        assertThat(folders).contains("providers", "signing-keys");
        assertThat(folders)
                .allSatisfy(folder -> assertThat(mounts).containsEntry(folder, "/etc/tailrace/" + folder))
                .allSatisfy(folder -> assertThat(text).contains("- name: " + folder + "\n"));
        assertThat(text)
                .as("the file of providers is one of its map")
                .contains("value: /etc/tailrace/providers/providers.properties}", "  providers.properties: |\n");
    }

    /** Both have the file; else a model is asked that the other does not know. */
    @Test
    void whoeverAsksModelsHasTheFileTheKeysAndAWayToThem() {
        assertThat(template("_helpers.tpl"))
                .containsPattern("(?s)define \"tailrace.asksModels\".{0,40}providersFile \\(has .name \\(list"
                        + " \"ingest-api\" \"workers\"\\)\\)");
        assertThat(template("services.yaml"))
                .contains("configMap: {name: {{ $.Release.Name }}-providers}", "name: {{ .Release.Name }}-providers\n")
                .contains("if and $asks $.Values.answers.keysSecret");
        assertThat(template("networkpolicies.yaml"))
                .containsPattern(
                        "(?s)include \"tailrace.asksModels\" \\$this.{0,20}range \\$.Values.networkPolicy.models");
    }
}
