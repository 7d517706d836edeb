/**
 * Runs attempts at jobs: takes released jobs from share groups, tells the dispatcher what becomes of them, and hears what it decides.
 * What a type of jobs does is not here.
 */
@NullMarked
package io.tailrace.kit.job.runtime;

import org.jspecify.annotations.NullMarked;
