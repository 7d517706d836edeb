package io.tailrace.ingest.upload;

import org.jspecify.annotations.Nullable;

/** A file is not taken. It carries no stack trace: it is an answer, not a fault of the server. */
final class RefusedUpload extends Exception {
    private static final long serialVersionUID = 1;

    private final transient UploadRefusal refusal;

    RefusedUpload(UploadRefusal refusal) {
        this(refusal, null);
    }

    RefusedUpload(UploadRefusal refusal, @Nullable Throwable cause) {
        super(refusal.detail(), cause, false, false);
        this.refusal = refusal;
    }

    UploadRefusal refusal() {
        return refusal;
    }
}
