/**
 * Where the files of people are kept: one interface, {@link io.tailrace.kit.file.FileStore}, and a folder behind it. Everything is filed
 * under its owner, so that all of somebody's can be deleted without asking anybody else what there is.
 */
@NullMarked
package io.tailrace.kit.file;

import org.jspecify.annotations.NullMarked;
