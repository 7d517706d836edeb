package io.tailrace.workers.forget;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.kit.file.FileArea;
import io.tailrace.kit.file.FileKey;
import io.tailrace.kit.file.FileStoreSettings;
import io.tailrace.kit.file.FileStores;
import io.tailrace.kit.file.FolderStore;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

@SuppressWarnings("NullAway.Init")
class ForgottenFilesTest {
    private static final Duration AGE = Duration.ofHours(24);
    private static final Instant LATER = Instant.now().plus(AGE).plusSeconds(3_600);

    private final UUID owner = UUID.randomUUID();
    private final Set<String> asked = new HashSet<>();

    @TempDir
    Path folder;

    private FolderStore store;

    @BeforeEach
    void openTheStore() {
        store = new FolderStore(folder);
    }

    @Test
    void whatWasGivenUpAndWhatHasNoFactIsDeletedWhenItIsOld() throws Exception {
        FileKey arriving = file(FileArea.INCOMING);
        FileKey state = file(FileArea.STATE);
        FileKey fact = file(FileArea.STORED);
        FileKey copied = file(FileArea.STORED);
        FileKey orphan = file(FileArea.STORED);
        FileKey itsText = new FileKey(FileArea.TEXT, owner, orphan.id());
        store.replace(itsText, new byte[] {1});
        FileKey text = new FileKey(FileArea.TEXT, owner, fact.id());
        store.replace(text, new byte[] {1});

        long deleted = files(LATER, Set.of(key(fact)), Set.of(copied.id())).delete(() -> false);

        assertThat(deleted).isEqualTo(3);
        assertThat(store.size(arriving)).isEqualTo(-1);
        assertThat(store.size(state)).isEqualTo(-1);
        assertThat(store.size(orphan)).isEqualTo(-1);
        assertThat(store.size(itsText)).isEqualTo(-1);
        assertThat(store.size(text)).isEqualTo(1);
        FileKey aside = new FileKey(FileArea.LOST, owner, orphan.id());
        assertThat(store.size(aside)).isEqualTo(1);
        assertThat(store.size(fact)).isEqualTo(1);
        assertThat(store.size(copied))
                .as("also if the log was restored from an older backup")
                .isEqualTo(1);
        assertThat(asked).containsExactlyInAnyOrder(key(fact), key(orphan));

        Instant muchLater = Instant.now().plus(Duration.ofDays(31));
        assertThat(files(muchLater, Set.of(key(fact)), Set.of(copied.id())).delete(() -> false))
                .isEqualTo(1);
        assertThat(store.size(aside)).isEqualTo(-1);
    }

    @Test
    void whatMayStillBecomeAFactStaysAndNobodyIsAsked() throws Exception {
        FileKey orphan = file(FileArea.STORED);
        FileKey arriving = file(FileArea.INCOMING);

        assertThat(files(Instant.now().plus(AGE).minusSeconds(600), Set.of(), Set.of())
                        .delete(() -> false))
                .isZero();
        assertThat(store.size(orphan)).isEqualTo(1);
        assertThat(store.size(arriving)).isEqualTo(1);
        assertThat(asked).isEmpty();
    }

    @Test
    void whatSomebodyWritesOrIsStillArrivingStays() throws Exception {
        FileKey written = file(FileArea.INCOMING);
        FileKey orphan = file(FileArea.STORED);
        FileKey whole = file(FileArea.STORED);
        FileKey state = new FileKey(FileArea.STATE, owner, whole.id());
        store.replace(state, new byte[] {1});

        try (Closeable one = store.lock(written);
                Closeable two = store.lock(orphan);
                Closeable three = store.lock(whole)) {
            assertThat(files(LATER, Set.of(), Set.of()).delete(() -> false)).isZero();
        }
        assertThat(store.size(written)).isEqualTo(1);
        assertThat(store.size(orphan)).isEqualTo(1);
        assertThat(asked).containsExactly(key(orphan));
        assertThat(files(LATER, Set.of(), Set.of()).delete(() -> true)).isZero();
    }

    @Test
    void withoutAStoreThereIsNothingToDo() throws Exception {
        ForgottenFiles none = new ForgottenFiles(
                new FileStores(Optional.empty()),
                new KnownFacts(Set.of()),
                new KnownCopies(Set.of()),
                new FileStoreSettings("", AGE),
                InstantSource.system());

        assertThat(none.delete(() -> false)).isZero();
    }

    private ForgottenFiles files(Instant now, Set<String> facts, Set<UUID> copied) {
        return new ForgottenFiles(
                new FileStores(Optional.of(store)),
                new KnownFacts(facts),
                new KnownCopies(copied),
                new FileStoreSettings(folder.toString(), AGE),
                InstantSource.fixed(now));
    }

    private FileKey file(FileArea area) throws IOException {
        FileKey key = new FileKey(area, owner, UUID.randomUUID());
        store.replace(key, new byte[] {1});
        return key;
    }

    private static String key(FileKey file) {
        return FactKeys.of(file.owner(), file.id());
    }

    private static final class KnownCopies extends CopiedUploads {
        private final Set<UUID> copied;

        KnownCopies(Set<UUID> copied) {
            super(new PGSimpleDataSource());
            this.copied = copied;
        }

        @Override
        Set<UUID> of(UUID owner) {
            return copied;
        }
    }

    private final class KnownFacts extends UploadFacts {
        private final Set<String> facts;

        KnownFacts(Set<String> facts) {
            super(KafkaSettings.of("127.0.0.1:1"));
            this.facts = facts;
        }

        @Override
        Set<String> among(Set<String> keys) {
            asked.addAll(keys);
            Set<String> known = new HashSet<>(facts);
            known.retainAll(keys);
            return known;
        }
    }
}
