package io.tailrace.projections.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The way to a real database, with faults at the moments that matter: around the commit. */
public final class Faults {
    /** What may happen at a moment. */
    public interface Plan {
        /** Before a transaction begins; may throw, may block. */
        void beforeBegin() throws SQLException;

        /** Before a commit is sent; throws if it never arrives. */
        void beforeCommit() throws SQLException;

        /** After a commit; throws if its answer is lost. */
        void afterCommit() throws SQLException;
    }

    private Faults() {}

    /** Connections of {@code dataSource} that fail by plan. */
    public static DataSource on(DataSource dataSource, Plan plan) {
        return proxy(DataSource.class, (self, method, arguments) -> {
            if (!method.getName().equals("getConnection")) {
                return call(dataSource, method, arguments);
            }
            plan.beforeBegin();
            return connection(dataSource.getConnection(), plan);
        });
    }

    private static Connection connection(Connection connection, Plan plan) {
        return proxy(Connection.class, (self, method, arguments) -> {
            if (!method.getName().equals("commit")) {
                return call(connection, method, arguments);
            }
            plan.beforeCommit();
            connection.commit();
            plan.afterCommit();
            return null;
        });
    }

    private static Object call(Object target, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
