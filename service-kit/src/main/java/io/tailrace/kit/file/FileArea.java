package io.tailrace.kit.file;

/** What a file is for. */
public enum FileArea {
    /** Whole files, for which there is a fact in the log. */
    STORED("stored"),
    /** Files that are still arriving. */
    INCOMING("incoming"),
    /** What is known of files that are still arriving: small, and replaced as a whole. */
    STATE("state"),
    /** Whole files that neither the log nor its copy knows, for some time before they are deleted: the log may have lost them. */
    LOST("lost");

    private final String folder;

    FileArea(String folder) {
        this.folder = folder;
    }

    /** The name of its folder. */
    String folder() {
        return folder;
    }
}
