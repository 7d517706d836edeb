package io.tailrace.ingest.upload;

import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;

/**
 * Why a file is not taken.
 *
 * @param reason a word for programs, which is part of the contract
 * @param detail a sentence for people
 * @param type of the problem, if this is the whole answer
 */
record UploadRefusal(String reason, String detail, ProblemType type) {
    static UploadRefusal empty() {
        return new UploadRefusal("empty", "The file has no bytes", ProblemType.VALIDATION);
    }

    static UploadRefusal tooLarge(long maxBytes) {
        return new UploadRefusal(
                "too_large", "The file has more than " + maxBytes + " bytes", ProblemType.PAYLOAD_TOO_LARGE);
    }

    static UploadRefusal typeNotAllowed(String detected) {
        return new UploadRefusal(
                "type_not_allowed",
                "The content is " + detected + ", which is not taken here",
                ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }

    static UploadRefusal quota(String detail) {
        return new UploadRefusal("quota", detail, ProblemType.PAYLOAD_TOO_LARGE);
    }

    static UploadRefusal tooManyFiles(int maxFiles) {
        return new UploadRefusal(
                "too_many_files",
                "The request has more than " + maxFiles + " parts; those behind were not read",
                ProblemType.PAYLOAD_TOO_LARGE);
    }

    static UploadRefusal storage() {
        return new UploadRefusal("storage_unavailable", "The store of files is full or away", ProblemType.UNAVAILABLE);
    }

    static UploadRefusal log() {
        return new UploadRefusal(
                "log_unavailable",
                "The log did not take the file in time; GET /uploads shows whether it has it",
                ProblemType.UNAVAILABLE);
    }

    /** Whether the file is not there for sure, and will not be. */
    boolean isFinal() {
        return type != ProblemType.UNAVAILABLE;
    }

    ProblemException problem() {
        return new ProblemException(type, detail);
    }
}
