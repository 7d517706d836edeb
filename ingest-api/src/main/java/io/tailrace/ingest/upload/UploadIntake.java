package io.tailrace.ingest.upload;

import io.tailrace.ingest.upload.NewUploads.RefusedFile;
import io.tailrace.kit.problem.Problem.FieldError;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes the files of a multipart request; those that are good are stored, whatever the others are. Thread-safe; blocks. */
@Singleton
final class UploadIntake {
    private static final UploadRefusal MALFORMED = new UploadRefusal(
            "malformed",
            "The form is not well-formed behind the files that were taken, or ended too early",
            ProblemType.BAD_REQUEST);

    private final Uploads uploads;
    private final ResumableUploads resumable;
    private final FormGate gate;
    private final UploadSettings settings;

    UploadIntake(Uploads uploads, ResumableUploads resumable, FormGate gate, UploadSettings settings) {
        this.uploads = uploads;
        this.resumable = resumable;
        this.gate = gate;
        this.settings = settings;
    }

    /**
     * Takes a form.
     *
     * @throws ProblemException 429 while the person has too many forms; if none of its files is taken: as the first of them is refused, with
     *     all of them by name
     */
    NewUploads take(UUID owner, String contentType, long length, InputStream body) {
        var unusedStore = uploads.store();
        try (FormGate.Place unused = gate.enter(owner)) {
            return read(owner, contentType, length, body);
        }
    }

    private NewUploads read(UUID owner, String contentType, long length, InputStream body) {
        Request request = new Request(owner, resumable.room(owner));
        MultipartFiles.End end = MultipartFiles.read(contentType, length, body, settings.maxFiles(), request);
        switch (end) {
            case WHOLE -> {}
            case MALFORMED -> request.refuse(FileNames.UNNAMED, MALFORMED);
            case TOO_MANY_PARTS -> request.refuse(FileNames.UNNAMED, UploadRefusal.tooManyFiles(settings.maxFiles()));
        }
        return request.answer();
    }

    private final class Request implements MultipartFiles.Taker {
        private final UUID owner;
        private final Room room;
        private final List<UploadView> taken = new ArrayList<>();
        private final List<RefusedFile> refused = new ArrayList<>();
        private @Nullable ProblemType first;
        private boolean logAway;

        Request(UUID owner, Room room) {
            this.owner = owner;
            this.room = room;
        }

        @Override
        public void take(String declaredName, @Nullable String type, InputStream content) throws IOException {
            String name = FileNames.normalize(declaredName);
            if (logAway) {
                // Each would wait for it as long as the one before did.
                refuse(name, UploadRefusal.log());
                return;
            }
            try {
                taken.add(UploadView.of(uploads.receive(owner, name, MediaTypes.declared(type), content, room)));
            } catch (RefusedUpload e) {
                logAway = e.refusal().equals(UploadRefusal.log());
                refuse(name, e.refusal());
            }
        }

        void refuse(String name, UploadRefusal refusal) {
            refused.add(new RefusedFile(name, refusal.reason(), refusal.detail()));
            first = first == null ? refusal.type() : first;
        }

        NewUploads answer() {
            if (!taken.isEmpty()) {
                return new NewUploads(taken, refused);
            }
            if (first == null) {
                throw ProblemException.invalid("files", "missing, expected at least one part with a filename");
            }
            throw new ProblemException(first, refused.getFirst().detail())
                    .withErrors(refused.stream()
                            .map(file -> new FieldError(file.name(), file.reason() + ": " + file.detail()))
                            .toList());
        }
    }
}
