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
    LOST("lost"),
    /**
     * What was read in whole files: their text, or why there is none. Behind the others, because a clean-up that goes by areas deletes a file before its
     * text, and who writes a text looks afterwards whether the file is still there.
     */
    TEXT("text");

    private final String folder;

    FileArea(String folder) {
        this.folder = folder;
    }

    /** The name of its folder. */
    String folder() {
        return folder;
    }
}
