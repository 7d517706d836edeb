package io.tailrace.ingest.answer;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.tailrace.ingest.answer.ModelsView.ModelView;
import io.tailrace.ingest.answer.ProviderProbe.Reach;
import io.tailrace.kit.answer.AnswerModel;
import io.tailrace.kit.answer.AnswerModels;
import io.tailrace.kit.answer.AnswerProvider;
import io.tailrace.kit.answer.AnswersSettings;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.kit.security.Caller;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The models that can be asked. */
@Controller("/models")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class ModelController {
    private final AnswerModels models;
    private final ProviderProbe probe;

    ModelController(AnswersSettings settings, OutboundHttp http) {
        this.models = settings.models();
        this.probe = new ProviderProbe(http, System::getenv, Ticker.systemTicker());
    }

    /** The declared models, and whether their servers can be reached. */
    @Get
    HttpResponse<ModelsView> list(@Parameter(hidden = true) Caller caller) {
        var unused = caller.userId();
        Map<String, CompletableFuture<Reach>> reaches = new HashMap<>();
        List<CompletableFuture<ModelView>> views = new ArrayList<>();
        for (AnswerModel model : models.all()) {
            AnswerProvider provider = model.provider();
            views.add(reaches.computeIfAbsent(
                            provider.name(),
                            _ -> CompletableFuture.supplyAsync(
                                    () -> probe.reach(provider),
                                    task -> Thread.ofVirtual().name("models").start(task)))
                    .thenApply(reach -> view(model, reach)));
        }
        return HttpResponse.ok(new ModelsView(
                        views.stream().map(CompletableFuture::join).toList()))
                .header(HttpHeaders.CACHE_CONTROL, "private, no-store");
    }

    private static ModelView view(AnswerModel model, Reach reach) {
        return new ModelView(
                model.name(),
                model.provider().name(),
                model.maxTokens(),
                model.inputPrice(),
                model.outputPrice(),
                model.fallbacks(),
                reach.isReachable(),
                reach.reason());
    }
}
