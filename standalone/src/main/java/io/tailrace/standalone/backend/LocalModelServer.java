package io.tailrace.standalone.backend;

import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.process.Launch;
import io.tailrace.standalone.process.Probe;
import io.tailrace.standalone.process.Server;
import io.tailrace.standalone.process.Unit;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server of a {@link LocalModel}, which must be installed.
 *
 * @param model what it serves
 * @param port its port
 */
public record LocalModelServer(LocalModel model, int port) implements Server {
    /** What questions call the model. */
    public static final String MODEL_NAME = "smollm2-135m";

    private static final String PROVIDER = "this-machine";

    /** What the model was made for. */
    private static final int CONTEXT_TOKENS = 8_192;

    private static final int MAX_TOKENS = 512;

    @Override
    public String name() {
        return "local-model";
    }

    @Override
    public Launch prepare(Unit.Progress progress) {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return new Launch(
                List.of(
                        model.python(),
                        "-B",
                        model.program().toString(),
                        String.valueOf(port),
                        String.valueOf(CONTEXT_TOKENS),
                        String.valueOf(threads)),
                Map.of(),
                model.home(),
                // It ends with its standard input, so that it never outlives this process.
                new byte[] {'\n'},
                "TERM");
    }

    @Override
    public Probe probe() {
        return new HttpProbe(URI.create("http://127.0.0.1:" + port + "/health"));
    }

    /** Where the providers are declared, this one among them. */
    public static Path providersFile(DataFolder folder) {
        return folder.run().resolve("providers.properties");
    }

    /** Declares it beside the providers of a file that somebody has named. */
    public void declare(DataFolder folder, @Nullable String others) throws IOException {
        String declared = others == null || others.isBlank() ? "" : Files.readString(Path.of(others)) + "\n";
        Files.writeString(
                providersFile(folder),
                declared
                        + ("provider." + PROVIDER + ".protocol=openai\n")
                        + ("provider." + PROVIDER + ".url=http://127.0.0.1:" + port + "/v1\n")
                        + ("model." + MODEL_NAME + ".provider=" + PROVIDER + "\n")
                        + ("model." + MODEL_NAME + ".max_tokens=" + MAX_TOKENS + "\n"));
    }
}
