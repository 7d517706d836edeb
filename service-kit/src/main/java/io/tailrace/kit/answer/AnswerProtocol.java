package io.tailrace.kit.answer;

/** How the server of a provider is spoken to. */
public enum AnswerProtocol {
    /** Chat completions as OpenAI, vLLM, Ollama, llama.cpp and the router of HuggingFace have them. */
    OPENAI("openai"),
    /** The messages of Anthropic. */
    ANTHROPIC("anthropic");

    private final String label;

    AnswerProtocol(String label) {
        this.label = label;
    }

    /** What the file calls it. */
    public String label() {
        return label;
    }
}
