package io.tailrace.kit.file;

import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;

/** Makes the store that the settings name. */
@Factory
final class FileStoreFactory {
    @Singleton
    FileStores fileStores(FileStoreSettings settings) {
        return new FileStores(
                settings.folder().isBlank()
                        ? Optional.empty()
                        : Optional.of(new FolderStore(Path.of(settings.folder()).toAbsolutePath())));
    }
}
