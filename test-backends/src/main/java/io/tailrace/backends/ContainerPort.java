package io.tailrace.backends;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/**
 * A port of this machine that leads into a container. It is chosen here, because one that the engine chooses is another after
 * each start of the container, and clients that wait for a server wait for it where it was.
 */
final class ContainerPort {
    private static final String LOOPBACK = "127.0.0.1";

    private ContainerPort() {}

    /** Gives a container such a port, which leads to its port {@code inside} and nowhere else. Gives its address. */
    static String give(GenericContainer<?> container, int inside) {
        String host = DockerClientFactory.instance().dockerHostIpAddress();
        boolean here = host.equals("localhost") || host.equals(LOOPBACK);
        int port;
        try {
            port = Probe.freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Ports.Binding binding = here ? Ports.Binding.bindIpAndPort(LOOPBACK, port) : Ports.Binding.bindPort(port);
        // Testcontainers waits for a binding of every port that it knows of.
        container.setExposedPorts(List.of(inside));
        container.withCreateContainerCmdModifier(command -> Objects.requireNonNull(command.getHostConfig())
                .withPortBindings(new PortBinding(binding, ExposedPort.tcp(inside))));
        return (here ? LOOPBACK : host) + ":" + port;
    }
}
