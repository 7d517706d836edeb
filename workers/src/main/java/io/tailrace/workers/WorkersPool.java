package io.tailrace.workers;

import io.micronaut.jdbc.DataSourceResolver;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The pools of connections to PostgreSQL; {@code workers.yml} has their settings. */
public final class WorkersPool {
    /** The one that the types of jobs share. */
    public static final String NAME = "workers";

    /** That of bridges, of which each metric stores each of its steps: other jobs must not wait for them. */
    public static final String BRIDGES = "bridges";

    private WorkersPool() {}

    /**
     * The pool behind a bean. Beside Micronaut Data, as in {@code up}, the bean is a proxy that has connections only within a transaction of
     * Micronaut's, which jobs have none of.
     *
     * @param resolver of Micronaut Data; null without it
     */
    public static DataSource plain(DataSource bean, @Nullable DataSourceResolver resolver) {
        return resolver == null ? bean : resolver.resolve(bean);
    }
}
