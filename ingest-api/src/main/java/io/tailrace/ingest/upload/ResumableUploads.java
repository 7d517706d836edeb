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
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads that go on where they were cut. An offset that was answered is on the disk. Whose one is sees it, and nobody else. Thread-safe;
 * blocks.
 */
@Singleton
final class ResumableUploads {
    private static final Logger LOG = LoggerFactory.getLogger(ResumableUploads.class);

    private static final int STRIPES = 64;

    private final Object[] creations =
            Stream.generate(Object::new).limit(STRIPES).toArray();
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
     * @param metadata what the client said of the file; null if it said nothing, or that is not known any more
     */
    record Progress(UUID id, long offset, long length, @Nullable Instant expiresAt, @Nullable String metadata) {
        static Progress of(Resumable resumable) {
            return new Progress(
                    resumable.id(),
                    resumable.offset(),
                    resumable.length(),
                    resumable.hasAll() ? null : resumable.expiresAt(),
                    resumable.metadata());
        }
    }

    /** The room that somebody has beside all that is stored and arriving. */
    Room room(UUID owner) {
        try {
            return ResumableStates.room(uploads.store(), owner, settings, now());
        } catch (IOException e) {
            throw Uploads.away(e);
        }
    }

    /**
     * Begins an upload.
     *
     * @param metadata what the client said of the file, as it said it
     * @param length how many bytes the file will have
     * @throws ProblemException 400 for an empty file, 413 if there is no room for it
     */
    Progress create(UUID owner, String name, @Nullable String declaredType, @Nullable String metadata, long length) {
        if (length == 0) {
            throw ProblemException.invalid(TusHeaders.LENGTH, "0, expected at least 1");
        }
        // One after the other looks and takes its room.
        synchronized (creations[Math.floorMod(owner.hashCode(), creations.length)]) {
            return reserve(owner, name, declaredType, metadata, length);
        }
    }

    private Progress reserve(
            UUID owner, String name, @Nullable String declaredType, @Nullable String metadata, long length) {
        FileStore store = uploads.store();
        try {
            room(owner).require(length);
        } catch (RefusedUpload e) {
            throw e.refusal().problem();
        }
        Stamp stamp = new Stamp(stamps.id());
        Resumable resumable = new Resumable(
                stamp.id(),
                owner,
                name,
                declaredType,
                metadata,
                length,
                0,
                stamp.time().plus(files.unfinishedFor()));
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
     * @throws ProblemException 404 if the owner has none with this id, or it has expired; 503 if that cannot be told now
     */
    Progress find(UUID owner, UUID id) {
        Optional<Resumable> arriving = state(owner, id);
        if (arriving.isPresent() && !arriving.get().hasAll()) {
            return Progress.of(arriving.get());
        }
        if (arriving.isPresent()) {
            try (Closeable unused = lock(owner, id)) {
                // Again under the lock: whoever had it may have finished or deleted the upload.
                arriving = state(owner, id);
                if (arriving.isPresent()) {
                    return arriving.get().hasAll() ? finish(arriving.get()) : Progress.of(arriving.get());
                }
            } catch (IOException e) {
                throw Uploads.away(e);
            }
        }
        UploadLookup.Found<Optional<UploadRow>> whole = lookup.find(id, owner);
        if (whole.value().isEmpty()) {
            throw whole.fresh() ? missing(id) : UploadLookup.late();
        }
        return new Progress(id, whole.value().get().size(), whole.value().get().size(), null, null);
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
        try (Closeable unused = lock(owner, id)) {
            Resumable now = state(owner, id).orElseThrow(() -> missing(id));
            if (now.offset() != offset) {
                throw new ProblemException(
                        ProblemType.CONFLICT, "The upload is at " + now.offset() + ", the request at " + offset);
            }
            if (bodyLength > now.length() - offset) {
                throw tooLong(now);
            }
            Resumable after = now.hasAll() ? now : now.at(write(now, body, checksum));
            return after.hasAll() ? finish(after) : Progress.of(after);
        } catch (IOException e) {
            throw Uploads.away(e);
        }
    }

    /** Under the lock on the upload; the offset behind what was written. */
    private long write(Resumable now, InputStream body, TusHeaders.@Nullable Checksum checksum) throws IOException {
        try (FileWriter out = uploads.store().write(incoming(now))) {
            out.truncate(now.offset());
            LongConsumer progress = events.progress(now.ownerId(), now.id(), now.length());
            ChunkIntake.Result result = new ChunkIntake(
                            out, kept -> ResumableStates.put(uploads.store(), now.at(kept)), progress)
                    .take(body, now.offset(), now.length(), checksum);
            return switch (result.end()) {
                case WRONG_CHECKSUM ->
                    throw new ProblemException(
                            ProblemType.CHECKSUM_MISMATCH, "The body does not have the checksum that the request says");
                case TOO_LONG -> throw tooLong(now);
                case CUT ->
                    throw new ProblemException(
                            ProblemType.BAD_REQUEST,
                            "The connection ended before the body did; the upload is at " + result.offset());
                case WHOLE -> result.offset();
            };
        }
    }

    /**
     * Ends an upload that is still arriving, or has expired.
     *
     * @throws ProblemException 404 if the owner has none with this id, 423 while a request writes
     */
    void delete(UUID owner, UUID id) {
        try (Closeable unused = lock(owner, id)) {
            Resumable resumable =
                    ResumableStates.find(uploads.store(), owner, id).orElseThrow(() -> missing(id));
            if (resumable.hasAll()) {
                // It may be a fact already, and is deleted as one.
                var unusedProgress = finish(resumable);
                throw missing(id);
            }
            forget(resumable);
        } catch (IOException e) {
            throw Uploads.away(e);
        }
    }

    /** Ends an upload whose beginning was refused, unless somebody else writes it. */
    void giveUp(UUID owner, UUID id) {
        try (Closeable unused = lock(owner, id)) {
            Optional<Resumable> resumable = ResumableStates.find(uploads.store(), owner, id);
            if (resumable.isPresent() && !resumable.get().hasAll()) {
                forget(resumable.get());
            }
        } catch (IOException e) {
            LOG.warn("upload {} could not be deleted, and is left to the clean-up", id, e);
        }
    }

    /** Under the lock on the upload. */
    private Progress finish(Resumable whole) throws IOException {
        try {
            Received received = received(whole);
            if (received.size() != whole.length()) {
                throw new EOFException("upload " + whole.id() + " has " + received.size()
                        + " bytes in the store, expected " + whole.length());
            }
            var unused = uploads.finish(
                    new UploadStored(
                            whole.id(),
                            whole.ownerId(),
                            whole.name(),
                            whole.declaredType(),
                            uploads.detect(received, whole.name()),
                            received.size(),
                            received.sha256(),
                            new Stamp(whole.id()).time()),
                    null);
        } catch (RefusedUpload e) {
            if (e.getCause() instanceof IOException away) {
                throw Uploads.away(away);
            }
            if (e.refusal().isFinal()) {
                events.failed(whole.ownerId(), whole.id(), e.refusal().reason());
                forget(whole);
            }
            throw e.refusal().problem();
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
            return ResumableStates.find(uploads.store(), owner, id).filter(each -> !each.expired(now()));
        } catch (IOException e) {
            throw Uploads.away(e);
        }
    }

    private Instant now() {
        return new Stamp(stamps.id()).time();
    }

    private Closeable lock(UUID owner, UUID id) throws IOException {
        try {
            return uploads.store().lock(new FileKey(FileArea.INCOMING, owner, id));
        } catch (FileBusyException e) {
            throw new ProblemException(ProblemType.LOCKED, "Another request writes this upload");
        }
    }

    private static FileKey incoming(Resumable resumable) {
        return new FileKey(FileArea.INCOMING, resumable.ownerId(), resumable.id());
    }

    private static ProblemException tooLong(Resumable resumable) {
        return new ProblemException(
                ProblemType.PAYLOAD_TOO_LARGE,
                "The body is longer than the upload, which has " + resumable.length() + " bytes");
    }

    private static ProblemException missing(UUID id) {
        return new ProblemException(ProblemType.NOT_FOUND, "You have no upload " + id + " that is still arriving");
    }
}
