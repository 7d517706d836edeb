package io.tailrace.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.http.netty.channel.EventLoopGroupRegistry;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import org.junit.jupiter.api.Test;

/** The same over io_uring; where the kernel does not allow it, the edge has to go on with epoll. */
class CrowdOverIoUringTest extends CrowdTest {
    @Override
    String transports() {
        return "io_uring,epoll,nio";
    }

    @Test
    void usesIoUringWhereTheKernelAllowsIt() {
        IoEventLoopGroup loops =
                (IoEventLoopGroup) edge().part(EventLoopGroupRegistry.class).getDefaultEventLoopGroup();

        assertThat(loops.isIoType(IoUring.isAvailable() ? IoUringIoHandler.class : EpollIoHandler.class))
                .as("what the kernel says: %s", IoUring.unavailabilityCause())
                .isTrue();
    }
}
