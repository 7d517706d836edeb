package io.tailrace.ingest.upload;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.UploadStored;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.Stamp;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.idempotency.Write;
import io.tailrace.ingest.log.Appends;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.file.FileArea;
import io.tailrace.kit.file.FileBusyException;
import io.tailrace.kit.file.FileKey;
import io.tailrace.kit.file.FileStore;
import io.tailrace.kit.file.FileStores;
import io.tailrace.kit.file.FileWriter;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of people. A file is first in the store and then a fact, and a deleted one is first no fact and then not in the store: a crash in
 * between leaves a file that nobody sees, which the job of the schedule {@code system/forget-uploads} deletes. Thread-safe; blocks.
 */
@Singleton
final class Uploads {
    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final FileStores stores;
    private final UploadLookup lookup;
    private final UploadEvents events;
    private final Appends log;
    private final ContentTypes types;
    private final Stamps stamps;

    Uploads(
            FileStores stores,
            UploadLookup lookup,
            UploadEvents events,
            Appends log,
            ContentTypes types,
            Stamps stamps) {
        this.stores = stores;
        this.lookup = lookup;
        this.events = events;
        this.log = log;
        this.types = types;
        this.stamps = stamps;
    }

    /**
     * The store.
     *
     * @throws ProblemException 503 if there is none
     */
    FileStore store() {
        return stores.configured()
                .orElseThrow(() -> ProblemException.unavailable(
                        "This server has no folder for files (TAILRACE_FILES_FOLDER)", RETRY_AFTER, null));
    }

    /** The answer while the store is full or away. */
    static ProblemException away(IOException cause) {
        return ProblemException.unavailable("The store of files is full or away", RETRY_AFTER, cause);
    }

    /**
     * Takes a file as a whole.
     *
     * @param name its name, made safe
     * @param declaredType the media type that the client said
     * @param room is taken from when the file is stored
     * @throws RefusedUpload if it is not taken
     * @throws IOException if the client did not send all of it
     */
    UploadStored receive(UUID owner, String name, @Nullable String declaredType, InputStream in, Room room)
            throws RefusedUpload, IOException {
        Stamp stamp = new Stamp(stamps.id());
        FileKey incoming = new FileKey(FileArea.INCOMING, owner, stamp.id());
        try {
            room.requireFile();
            Received received;
            try (FileWriter out = open(incoming)) {
                received = new Intake(room.maxBytes(), room.tooMuch(), events.progress(owner, stamp.id(), null))
                        .take(in, out);
            }
            UploadStored stored = finish(
                    new UploadStored(
                            stamp.id(),
                            owner,
                            name,
                            declaredType,
                            detect(received, name),
                            received.size(),
                            received.sha256(),
                            stamp.time()),
                    room.withContent(received.sha256()));
            room.take(stored);
            return stored;
        } catch (RefusedUpload e) {
            if (e.getCause() != null) {
                LOG.warn("the store of files did not take an upload", e.getCause());
            }
            if (e.refusal().isFinal()) {
                events.failed(owner, stamp.id(), e.refusal().reason());
            }
            throw e;
        } finally {
            discard(incoming);
        }
    }

    private FileWriter open(FileKey incoming) throws RefusedUpload {
        try {
            return store().write(incoming);
        } catch (IOException e) {
            throw new RefusedUpload(UploadRefusal.storage(), e);
        }
    }

    private void discard(FileKey key) {
        try {
            var unused = store().delete(key);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted, and is left to the clean-up", key, e);
        }
    }

    /**
     * Makes a file that has arrived a fact. Can be called again for the same file, after whatever happened before.
     *
     * @param same an upload of its owner that has the same content; null if none is known
     * @throws RefusedUpload if its content is of a type that is not taken, the store is full or away, or the log did not take the fact
     */
    UploadStored finish(UploadStored upload, @Nullable UUID same) throws RefusedUpload {
        if (!types.isAllowed(upload.detectedType())) {
            throw new RefusedUpload(UploadRefusal.typeNotAllowed(upload.detectedType()));
        }
        FileKey incoming = new FileKey(FileArea.INCOMING, upload.ownerId(), upload.id());
        FileKey stored = stored(upload.ownerId(), upload.id());
        UUID owner = upload.ownerId();
        UUID shared = same == null ? withContent(owner, upload.sha256()) : same;
        try {
            // It is there already if an earlier call died before the fact was in the log.
            boolean there = store().size(stored) == upload.size()
                    || shared != null && store().share(stored(owner, shared), stored);
            if (!there) {
                store().move(incoming, stored);
            }
            var unused = store().delete(incoming);
        } catch (IOException e) {
            throw new RefusedUpload(UploadRefusal.storage(), e);
        }
        events.stored(upload);
        return upload;
    }

    private @Nullable UUID withContent(UUID owner, String sha256) {
        try {
            return lookup.withContent(owner, sha256).map(UploadRow::id).orElse(null);
        } catch (ProblemException e) {
            // PostgreSQL is away. A second copy does no harm, and an answer that names no file of this form would.
            return null;
        }
    }

    /** The media type that a content is of. */
    String detect(Received received, String name) {
        return types.detect(received.head(), name);
    }

    /** The name of a stored file. */
    static FileKey stored(UUID owner, UUID id) {
        return new FileKey(FileArea.STORED, owner, id);
    }

    /**
     * A part of a content.
     *
     * @throws ProblemException 503 if the store does not have it now
     */
    InputStream read(UploadRow upload, long from, long length) {
        try {
            return store().read(stored(upload.ownerId(), upload.id()), from, length);
        } catch (NoSuchFileException e) {
            LOG.error("upload {} is a fact, and the store of files does not have it", upload.id());
            throw away(e);
        } catch (IOException e) {
            throw away(e);
        }
    }

    /**
     * Deletes one: the fact, and then the file.
     *
     * @throws ProblemException 404 if the owner has none with this id, 423 while a request writes it, 503 if it cannot be told now
     */
    void delete(UUID id, UUID owner, Write write) {
        // Whoever finishes it at the same time would make a fact of a file that goes.
        try (Closeable unused = store().lock(stored(owner, id))) {
            deleteLocked(id, owner, write);
        } catch (FileBusyException e) {
            throw new ProblemException(ProblemType.LOCKED, "Another request writes this upload");
        } catch (IOException e) {
            throw away(e);
        }
    }

    private void deleteLocked(UUID id, UUID owner, Write write) {
        UploadLookup.Found<Optional<UploadRow>> found = lookup.find(id, owner);
        boolean doneBefore =
                write.earlier() != null && found.fresh() && found.value().isEmpty();
        if (!doneBefore) {
            var unused = lookup.mustFind(id, owner);
            byte[] none = "{}".getBytes(StandardCharsets.UTF_8);
            Event event = new Event(
                    write.stamp().id().toString(),
                    EventTypes.UPLOAD_DELETED,
                    EventSource.INGEST_API,
                    write.stamp().time(),
                    owner.toString(),
                    none);
            var unusedAppended = log.appendOne(
                    OutgoingEvent.tombstone(Topics.UPLOADS, FactKeys.of(owner, id), event), write.earlier());
        }
        // Before the file: a file without a text is found by the clean-up, and a text without a file is not.
        discard(new FileKey(FileArea.TEXT, owner, id));
        discard(stored(owner, id));
        // Of a resumable one whose last answer was not given.
        discard(new FileKey(FileArea.STATE, owner, id));
        discard(new FileKey(FileArea.INCOMING, owner, id));
    }
}
