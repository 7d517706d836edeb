package io.tailrace.kit.answer;

import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The models that a file declares: a Java properties file with the keys {@code provider.<name>.protocol}, {@code .url} and {@code
 * .key_variable}, and {@code model.<name>.provider}, {@code .name}, {@code .max_tokens}, {@code .token_field}, {@code .input_price}, {@code
 * .output_price} and {@code .fallbacks}. Immutable.
 *
 * @param all the models by name
 */
public record AnswerModels(List<AnswerModel> all) {
    private static final Pattern KEY = Pattern.compile(
            "(?:provider\\.(?<provider>[a-z][a-z0-9_-]{0,31})\\.(?<of>protocol|url|key_variable))|(?:model\\.(?<model>.+)\\.(?<is>provider|name|max_tokens|token_field|input_price|output_price|fallbacks))");
    private static final Pattern PRICE = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
    private static final Pattern TOKENS = Pattern.compile("[1-9][0-9]{0,5}");
    private static final int DEFAULT_TOKENS = 1_024;
    private static final int MOST_TOKENS = 100_000;
    private static final int MOST = 200;

    /** None at all. */
    public static final AnswerModels NONE = new AnswerModels(List.of());

    /** Copies the list. */
    public AnswerModels {
        all = List.copyOf(all);
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException naming the file and every fault that it has, one a line, or why it cannot be read
     */
    public static AnswerModels load(Path file) {
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return read(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("tailrace.answers.providers-file " + file + ": cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tailrace.answers.providers-file " + file + ":\n" + e.getMessage(), e);
        }
    }

    /**
     * Reads a declaration.
     *
     * @throws IllegalArgumentException naming every fault, one a line
     */
    public static AnswerModels read(Reader in) throws IOException {
        Properties properties = new Properties();
        properties.load(in);
        List<String> faults = new ArrayList<>();
        Map<String, Map<String, String>> providers = new TreeMap<>();
        Map<String, Map<String, String>> models = new TreeMap<>();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            Matcher matcher = KEY.matcher(key);
            String value = properties.getProperty(key).strip();
            if (!matcher.matches()) {
                faults.add(key
                        + ": unknown, expected provider.NAME.protocol, .url or .key_variable, or model.NAME.provider,"
                        + " .name, .max_tokens, .token_field, .input_price, .output_price or .fallbacks");
            } else if (matcher.group("provider") != null) {
                providers
                        .computeIfAbsent(matcher.group("provider"), _ -> new HashMap<>())
                        .put(matcher.group("of"), value);
            } else {
                models.computeIfAbsent(matcher.group("model"), _ -> new HashMap<>())
                        .put(matcher.group("is"), value);
            }
        }
        Map<String, AnswerProvider> servers = new HashMap<>();
        providers.forEach((name, values) -> provider(name, values, faults).ifPresent(it -> servers.put(name, it)));
        List<AnswerModel> all = new ArrayList<>();
        models.forEach((name, values) ->
                model(name, values, providers, servers, faults).ifPresent(all::add));
        for (AnswerModel model : all) {
            for (String fallback : model.fallbacks()) {
                if (!models.containsKey(fallback) || fallback.equals(model.name())) {
                    faults.add("model." + model.name() + ".fallbacks: expected other models of this file, with commas"
                            + " between them");
                }
            }
        }
        if (models.size() > MOST) {
            faults.add(models.size() + " models, expected at most " + MOST);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return new AnswerModels(all);
    }

    /** The model with a name. */
    public Optional<AnswerModel> of(String name) {
        return all.stream().filter(model -> model.name().equals(name)).findFirst();
    }

    private static Optional<AnswerProvider> provider(String name, Map<String, String> values, List<String> faults) {
        String protocol = values.get("protocol");
        String url = values.getOrDefault("url", "");
        for (AnswerProtocol known : AnswerProtocol.values()) {
            if (known.label().equals(protocol)) {
                try {
                    return Optional.of(new AnswerProvider(name, known, url, values.get("key_variable")));
                } catch (IllegalArgumentException e) {
                    faults.add(String.valueOf(e.getMessage()));
                    return Optional.empty();
                }
            }
        }
        faults.add("provider." + name + ".protocol: expected openai or anthropic");
        return Optional.empty();
    }

    private static Optional<AnswerModel> model(
            String name,
            Map<String, String> values,
            Map<String, ?> declared,
            Map<String, AnswerProvider> servers,
            List<String> faults) {
        String place = "model." + name;
        if (!AnswerModel.NAME.matcher(name).matches()) {
            faults.add(place + ": expected a name of " + AnswerModel.NAME.pattern());
        }
        String provider = values.get("provider");
        if (provider == null || !declared.containsKey(provider)) {
            faults.add(place + ".provider: expected a provider that this file declares");
        }
        String tokens = values.getOrDefault("max_tokens", Integer.toString(DEFAULT_TOKENS));
        boolean hasTokens = TOKENS.matcher(tokens).matches() && Integer.parseInt(tokens) <= MOST_TOKENS;
        if (!hasTokens) {
            faults.add(place + ".max_tokens: expected 1 to " + MOST_TOKENS);
        }
        BigDecimal input = price(place + ".input_price", values.get("input_price"), faults);
        BigDecimal output = price(place + ".output_price", values.get("output_price"), faults);
        String fallbacks = values.getOrDefault("fallbacks", "");
        AnswerProvider server = provider == null ? null : servers.get(provider);
        String tokenField = values.getOrDefault("token_field", AnswerModel.MAX_TOKENS);
        boolean isOpenAi = server == null || server.protocol() == AnswerProtocol.OPENAI;
        if (!tokenField.equals(AnswerModel.MAX_TOKENS)
                && !(isOpenAi && tokenField.equals(AnswerModel.MAX_COMPLETION_TOKENS))) {
            faults.add(place + ".token_field: expected max_tokens, or max_completion_tokens with the protocol openai");
        }
        if (server == null || !hasTokens) {
            return Optional.empty();
        }
        return Optional.of(new AnswerModel(
                name,
                server,
                values.getOrDefault("name", name),
                Integer.parseInt(tokens),
                tokenField,
                input,
                output,
                fallbacks.isEmpty() ? List.of() : List.of(fallbacks.split("\\s*,\\s*"))));
    }

    private static @Nullable BigDecimal price(String place, @Nullable String text, List<String> faults) {
        if (text == null) {
            return null;
        }
        if (!PRICE.matcher(text).matches()) {
            faults.add(place + ": expected a number such as 0.15, of a million tokens");
            return null;
        }
        return new BigDecimal(text);
    }
}
