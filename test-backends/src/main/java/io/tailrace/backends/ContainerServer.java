package io.tailrace.backends;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotModifiedException;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** A server in a container. While it is stopped its container stays, and with it the data. */
final class ContainerServer implements ErasableServer {
    private static final int STOP_TIMEOUT_S = 30;

    /** How a server ends when it is stopped. */
    enum End {
        /** By the signal that its image names, within half a minute. */
        IN_ORDER,
        /** Killed. */
        AT_ONCE
    }

    private final GenericContainer<?> container;
    private final String address;
    private final End end;
    private final Answers answers;

    private ContainerServer(GenericContainer<?> container, int port, End end, Answers answers) {
        this.container = container;
        this.address = ContainerPort.give(container, port);
        this.end = end;
        this.answers = answers;
    }

    /** Starts a container whose server listens at {@code port} inside. */
    static ContainerServer started(GenericContainer<?> container, int port, End end, Answers answers) {
        ContainerServer server = new ContainerServer(container, port, end, answers);
        server.start();
        return server;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public synchronized void start() {
        if (container.getContainerId() == null) {
            container.start();
        } else {
            start(container.getContainerId());
        }
        Probe.until(container.getDockerImageName() + " answers at " + address, () -> answers.at(address));
    }

    @Override
    public synchronized void stop() {
        String id = Objects.requireNonNull(container.getContainerId());
        if (!isRunning(id)) {
            return;
        }
        switch (end) {
            case IN_ORDER ->
                docker().stopContainerCmd(id).withTimeout(STOP_TIMEOUT_S).exec();
            case AT_ONCE -> docker().killContainerCmd(id).exec();
        }
        Probe.until("container " + id + " has ended", () -> !isRunning(id));
    }

    @Override
    public synchronized void erase() {
        // The data goes with the container; the next start makes a new one.
        container.stop();
    }

    @Override
    public synchronized void close() {
        container.stop();
    }

    /** Starts a container again that was stopped; no effect if it runs. */
    static void start(String id) {
        try {
            docker().startContainerCmd(id).exec();
        } catch (NotModifiedException e) {
            // It runs.
        }
    }

    /** Whether a container runs. */
    static boolean isRunning(String id) {
        return Boolean.TRUE.equals(
                docker().inspectContainerCmd(id).exec().getState().getRunning());
    }

    private static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }
}
