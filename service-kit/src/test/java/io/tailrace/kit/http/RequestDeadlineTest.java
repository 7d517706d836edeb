package io.tailrace.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The deadlines of one connection, under a clock that the test moves. */
@SuppressWarnings("NullAway.Init")
class RequestDeadlineTest {
    private static final HttpSettings SETTINGS = new HttpSettings(
            10,
            0,
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            1,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(75),
            List.of(),
            "");

    private final AtomicInteger timeouts = new AtomicInteger();
    private EmbeddedChannel channel;

    @BeforeEach
    void connect() {
        channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(new RequestDeadline(SETTINGS, timeouts::incrementAndGet));
    }

    @Test
    void aConnectionWithoutARequestEndsAtTheHeadTimeout() {
        pass(9);
        assertThat(channel.isOpen()).isTrue();

        pass(1);

        assertTimedOut();
    }

    @Test
    void aBodyThatTricklesEndsAtTheRequestTimeoutHoweverOftenItMoves() {
        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));
        for (int second = 0; second < 59; second++) {
            pass(1);
            channel.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[1])));
        }
        assertThat(channel.isOpen()).isTrue();

        pass(1);

        assertTimedOut();
    }

    @Test
    void aBodyThatArrivesInTimeIsLeftAlone() {
        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));
        pass(59);
        channel.writeInbound(new DefaultLastHttpContent());

        pass(3600);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void anEndlessAnswerIsLeftAlone() {
        channel.writeInbound(get());
        channel.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        for (int hour = 0; hour < 24; hour++) {
            pass(3600);
            channel.writeOutbound(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[1])));
        }

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void afterAnAnswerTheNextHeadHasTheKeepAliveTimeout() {
        channel.writeInbound(get());
        pass(100);
        channel.writeOutbound(ok());
        pass(74);
        assertThat(channel.isOpen()).isTrue();

        pass(1);

        assertThat(channel.isOpen()).isFalse();
        assertThat(timeouts).hasValue(0);
    }

    @Test
    void anInterimAnswerIsNotTheAnswer() {
        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        channel.releaseOutbound();

        pass(60);

        assertTimedOut();
    }

    @Test
    void pipelinedRequestsHaveNoDeadlineWhileOneIsUnanswered() {
        channel.writeInbound(get());
        channel.writeInbound(get());
        channel.writeOutbound(ok());
        pass(3600);
        assertThat(channel.isOpen()).isTrue();

        channel.writeOutbound(ok());
        pass(75);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aBodyThatIsStillComingAfterItsAnswerIsCutWithoutASecondAnswer() {
        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));
        channel.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        channel.releaseOutbound();

        pass(60);

        assertThat(channel.isOpen()).isFalse();
        assertThat((Object) channel.readOutbound()).isNull();
    }

    @Test
    void aHandlerThatWasTakenOutDoesNothingMore() {
        channel.pipeline().remove(RequestDeadline.class);

        pass(3600);

        assertThat(channel.isOpen()).isTrue();
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    private void assertTimedOut() {
        HttpResponse response = channel.readOutbound();
        assertThat(response.status()).isEqualTo(HttpResponseStatus.REQUEST_TIMEOUT);
        assertThat(response.headers().get("Content-Type")).isEqualTo("application/problem+json");
        assertThat(channel.isOpen()).isFalse();
        assertThat(timeouts).hasValue(1);
        ((LastHttpContent) response).release();
    }

    private static DefaultFullHttpRequest get() {
        return new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    }

    private static DefaultFullHttpResponse ok() {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    }
}
