package io.tailrace.ingest.upload;

import io.tailrace.contracts.event.UploadStored;
import io.tailrace.ingest.idempotency.Stamp;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.kit.file.FileArea;
import io.tailrace.kit.file.FileBusyException;
import io.tailrace.kit.file.FileKey;
import io.tailrace.kit.file.FileStore;
import io.tailrace.kit.file.FileStoreSettings;
import io.tailrace.kit.file.FileWriter;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Uploads that go on where they were cut. An offset that was answered is on the disk. Whose one is sees it, and nobody else. Thread-safe;
 * blocks.
 */
@Singleton
final class ResumableUploads {
    private final Uploads uploads;
    private final UploadLookup lookup;
    private final UploadEvents events;
    private final Stamps stamps;
    private final UploadSettings settings;
    private final FileStoreSettings files;

    ResumableUploads(
            Uploads uploads,
            UploadLookup lookup,
            UploadEvents events,
            Stamps stamps,
            UploadSettings settings,
            FileStoreSettings files) {
        this.uploads = uploads;
        this.lookup = lookup;
        this.events = events;
        this.stamps = stamps;
        this.settings = settings;
        this.files = files;
    }

    /**
     * Where an upload is.
     *
     * @param id its id
     * @param offset how many bytes are there
     * @param length how many there will be
     * @param expiresAt when it is given up; null if it is whole
     */
    record Progress(UUID id, long offset, long length, @Nullable Instant expiresAt) {
        static Progress of(Resumable resumable) {
            return new Progress(
                    resumable.id(),
                    resumable.offset(),
                    resumable.length(),
                    resumable.hasAll() ? null : resumable.expiresAt());
        }
    }

    /** The room that somebody has beside all that is stored and arriving. */
    Room room(UUID owner) {
        try {
            ResumableStates.Arriving arriving = ResumableStates.arriving(uploads.store(), owner);
            return lookup.room(owner, settings, arriving.files(), arriving.bytes());
        } catch (IOException e) {
            throw Uploads.away(e);
        }
    }

    /**
     * Begins an upload.
     *
     * @param length how many bytes the file will have
     * @throws ProblemException 400 for an empty file, 413 if there is no room for it
     */
    Progress create(UUID owner, String name, @Nullable String declaredType, long length) {
        FileStore store = uploads.store();
        if (length == 0) {
            throw TusHeaders.invalid(TusHeaders.LENGTH, "0, expected at least 1");
        }
        try {
            room(owner).require(length);
        } catch (RefusedUpload e) {
            throw e.refusal().problem().with(TusHeaders.RESUMABLE, TusHeaders.VERSION);
        }
        Stamp stamp = new Stamp(stamps.id());
        Resumable resumable = new Resumable(
                stamp.id(), owner, name, declaredType, length, 0, stamp.time().plus(files.unfinishedFor()));
        try {
            store.write(incoming(resumable)).close();
            ResumableStates.put(store, resumable);
        } catch (IOException e) {
            throw Uploads.away(e);
        }
        return Progress.of(resumable);
    }

    /**
     * Where an upload is. One of which all bytes are there becomes a fact first, if whoever took them died before it did.
     *
     * @throws ProblemException 404 if the owner has none with this id, or it has expired
     */
    Progress find(UUID owner, UUID id) {
        Optional<Resumable> arriving = state(owner, id);
        if (arriving.isPresent() && !arriving.get().hasAll()) {
            return Progress.of(arriving.get());
        }
        if (arriving.isPresent()) {
            try (FileWriter unused = open(arriving.get())) {
                return finish(arriving.get());
            } catch (IOException e) {
                throw Uploads.away(e);
            }
        }
        UploadRow whole = lookup.find(id, owner).value().orElseThrow(() -> missing(id));
        return new Progress(id, whole.size(), whole.size(), null);
    }

    /**
     * Appends the body of a request.
     *
     * @param offset where the client believes that the upload is
     * @param bodyLength how long the body is; -1 if nobody knows
     * @throws ProblemException 404, 409 if the offset is another one, 413 if the body is too long, 415 if the whole content is of a type
     *     that is not taken, 423 while another request writes, 460 if the checksum is another one
     */
    Progress append(
            UUID owner,
            UUID id,
            long offset,
            InputStream body,
            long bodyLength,
            TusHeaders.@Nullable Checksum checksum) {
        Resumable before = state(owner, id).orElseThrow(() -> missing(id));
        try (FileWriter out = open(before)) {
            // Again under the lock: another request may have written in between.
            Resumable now = state(owner, id).orElseThrow(() -> missing(id));
            if (now.offset() != offset) {
                throw TusHeaders.problem(
                        ProblemType.CONFLICT, "The upload is at " + now.offset() + ", the request at " + offset);
            }
            if (bodyLength > now.length() - offset) {
                throw tooLong(now);
            }
            out.truncate(offset);
            LongConsumer progress = events.progress(owner, id, now.length());
            ChunkIntake.Result result = new ChunkIntake(
                            out, kept -> ResumableStates.put(uploads.store(), now.at(kept)), progress)
                    .take(body, offset, now.length(), checksum);
            return switch (result.end()) {
                case WRONG_CHECKSUM ->
                    throw TusHeaders.problem(
                            ProblemType.CHECKSUM_MISMATCH, "The body does not have the checksum that the request says");
                case TOO_LONG -> throw tooLong(now);
                case CUT ->
                    throw TusHeaders.problem(
                            ProblemType.BAD_REQUEST,
                            "The connection ended before the body did; the upload is at " + result.offset());
                case WHOLE -> {
                    Resumable after = now.at(result.offset());
                    yield after.hasAll() ? finish(after) : Progress.of(after);
                }
            };
        } catch (IOException e) {
            throw Uploads.away(e).with(TusHeaders.RESUMABLE, TusHeaders.VERSION);
        }
    }

    /**
     * Ends an upload that is still arriving.
     *
     * @throws ProblemException 404 if the owner has none with this id, 423 while a request writes
     */
    void delete(UUID owner, UUID id) {
        Resumable resumable = state(owner, id).orElseThrow(() -> missing(id));
        try (FileWriter unused = open(resumable)) {
            forget(resumable);
        } catch (IOException e) {
            throw Uploads.away(e);
        }
    }

    /** Under the lock on the upload. */
    private Progress finish(Resumable whole) throws IOException {
        try {
            Received received = received(whole);
            var unused = uploads.finish(new UploadStored(
                    whole.id(),
                    whole.ownerId(),
                    whole.name(),
                    whole.declaredType(),
                    uploads.detect(received, whole.name()),
                    received.size(),
                    received.sha256(),
                    new Stamp(whole.id()).time()));
        } catch (RefusedUpload e) {
            if (e.getCause() instanceof IOException away) {
                throw Uploads.away(away).with(TusHeaders.RESUMABLE, TusHeaders.VERSION);
            }
            events.failed(whole.ownerId(), whole.id(), e.refusal().reason());
            forget(whole);
            throw e.refusal().problem().with(TusHeaders.RESUMABLE, TusHeaders.VERSION);
        }
        ResumableStates.delete(uploads.store(), whole.ownerId(), whole.id());
        return Progress.of(whole);
    }

    /** What is there is read once more: a hash could not be carried over from one request to the next. */
    private Received received(Resumable whole) throws IOException {
        FileStore store = uploads.store();
        FileKey moved = Uploads.stored(whole.ownerId(), whole.id());
        FileKey key = store.size(moved) == whole.length() ? moved : incoming(whole);
        try (InputStream in = store.read(key, 0, whole.length())) {
            return Intake.describe(in);
        }
    }

    private void forget(Resumable resumable) throws IOException {
        FileStore store = uploads.store();
        ResumableStates.delete(store, resumable.ownerId(), resumable.id());
        var unused = store.delete(incoming(resumable));
    }

    private Optional<Resumable> state(UUID owner, UUID id) {
        try {
            return ResumableStates.find(uploads.store(), owner, id)
                    .filter(each -> each.hasAll() || each.expiresAt().isAfter(new Stamp(stamps.id()).time()));
        } catch (IOException e) {
            throw Uploads.away(e);
        }
    }

    /** The lock on an upload is that on its file. */
    private FileWriter open(Resumable resumable) throws IOException {
        try {
            return uploads.store().write(incoming(resumable));
        } catch (FileBusyException e) {
            throw TusHeaders.problem(ProblemType.LOCKED, "Another request writes this upload");
        }
    }

    private static FileKey incoming(Resumable resumable) {
        return new FileKey(FileArea.INCOMING, resumable.ownerId(), resumable.id());
    }

    private static ProblemException tooLong(Resumable resumable) {
        return TusHeaders.problem(
                ProblemType.PAYLOAD_TOO_LARGE,
                "The body is longer than the upload, which has " + resumable.length() + " bytes");
    }

    private static ProblemException missing(UUID id) {
        return TusHeaders.problem(ProblemType.NOT_FOUND, "You have no upload " + id + " that is still arriving");
    }
}
