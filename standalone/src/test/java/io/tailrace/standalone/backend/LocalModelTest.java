package io.tailrace.standalone.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.kit.answer.AnswerModel;
import io.tailrace.kit.answer.AnswerModels;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.Ports;
import io.tailrace.standalone.process.ChildUnit;
import io.tailrace.standalone.process.LogFile;
import io.tailrace.standalone.process.Unit;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LocalModelTest {
    private static final int PORT = 8090;

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void without_python_there_is_a_plain_sentence_and_nothing_is_left() throws Exception {
        DataFolder folder = opened(temporary);
        LocalModel model = new LocalModel(folder, "no-such-python");

        assertThat(model.install())
                .hasValue("it needs Python 3.10 or later, and there is none by the name no-such-python");

        assertThat(model.isInstalled()).isFalse();
        assertThat(folder.backends()).isEmptyDirectory();
    }

    @Test
    void what_pip_cannot_install_is_said_and_nothing_is_left() throws Exception {
        // given a Python that has no pip
        DataFolder folder = opened(temporary);
        Path python = temporary.resolve("python");
        Files.writeString(
                python, "#!/bin/sh\n[ \"$1\" = -c ] && exit 0\necho 'python: No module named pip' >&2\nexit 1\n");
        assertThat(python.toFile().setExecutable(true)).isTrue();
        LocalModel model = new LocalModel(folder, python.toString());

        assertThat(model.install())
                .hasValueSatisfying(reason -> assertThat(reason).endsWith("No module named pip"));

        assertThat(model.isInstalled()).isFalse();
        assertThat(folder.backends()).isEmptyDirectory();
    }

    @Test
    void it_is_declared_beside_the_providers_that_somebody_has_named() throws Exception {
        DataFolder folder = opened(temporary);
        LocalModelServer server = new LocalModelServer(new LocalModel(folder), PORT);

        // given a file of one's own without a line end
        Path own = Files.writeString(
                temporary.resolve("own"),
                "provider.mine.protocol=openai\nprovider.mine.url=http://127.0.0.1:1/v1\nmodel.m.provider=mine");
        server.declare(folder, own.toString());
        AnswerModels models = AnswerModels.load(LocalModelServer.providersFile(folder));

        // then both are there, and alone it is alone
        assertThat(models.all())
                .extracting(AnswerModel::name)
                .containsExactlyInAnyOrder("m", LocalModelServer.MODEL_NAME);
        assertThat(models.of(LocalModelServer.MODEL_NAME)
                        .orElseThrow()
                        .provider()
                        .url())
                .isEqualTo("http://127.0.0.1:" + PORT + "/v1");
        server.declare(folder, null);
        assertThat(AnswerModels.load(LocalModelServer.providersFile(folder)).all())
                .hasSize(1);
        assertThatThrownBy(
                        () -> server.declare(folder, temporary.resolve("none").toString()))
                .isInstanceOf(IOException.class);
    }

    @Test
    @Tag("server")
    @Timeout(600)
    void it_is_installed_and_serves_its_model_until_it_is_stopped() throws Exception {
        // given the packages, which are kept under target
        DataFolder folder =
                opened(Files.createDirectories(Path.of("target", "local-model")).toAbsolutePath());
        LocalModel model = new LocalModel(folder);
        assertThat(model.install()).isEmpty();
        int port = Ports.choose(folder, List.of("local-model"), new SplittableRandom())
                .getOrDefault("local-model", 0);
        ChildUnit unit =
                new ChildUnit(new LocalModelServer(model, port), new LogFile(folder.log("local-model"), 1 << 20));

        // when it is started
        unit.start(new Quiet());

        // then it answers, and ends when it is told to
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> models = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/models"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(models.statusCode()).isEqualTo(200);
            assertThat(models.body()).containsIgnoringCase("smollm");
        } finally {
            unit.stop(false);
        }
        assertThat(unit.pid()).isEmpty();
    }

    private static final class Quiet implements Unit.Progress {
        @Override
        public void doing(String what) {}

        @Override
        public void changed() {}

        @Override
        public void ended(String reason) {}
    }

    private static DataFolder opened(Path root) throws IOException {
        DataFolder folder = new DataFolder(root.resolve("data"));
        folder.open();
        return folder;
    }
}
